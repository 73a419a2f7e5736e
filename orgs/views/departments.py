"""The department page (manual, 4.1)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from orgs.models import Department
from orgs.selectors.changes import recent_changes
from orgs.selectors.departments import (
    Step,
    ancestry,
    counts,
    sub_departments,
    top_departments,
)
from orgs.selectors.rights import rights
from orgs.selectors.tree import rail
from orgs.tree_state import open_nodes

CHILDREN_PER_PAGE = 50


@requires("department.view")
@require_GET
def department_list(request: ConsoleRequest) -> HttpResponse:
    """The first department of the operator's scope; for the full administrator the root."""
    tops = top_departments(request.operator).select_related("parent")
    department = get_object_or_404(tops[:1])
    return render_page(
        request, "orgs/department_detail.html", department_context(request, department)
    )


@requires("department.view")
@require_GET
def department_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    departments = request.operator.scope(Department.objects.select_related("parent"))
    department = get_object_or_404(departments, pk=pk)
    return render_page(
        request, "orgs/department_detail.html", department_context(request, department)
    )


def department_context(request: ConsoleRequest, department: Department) -> dict[str, Any]:
    tree = rail(request.operator, department, open_nodes(request))
    above, within = split_at_top(
        ancestry([department.pk])[department.pk], {node.pk for node in tree.nodes}
    )
    children = Department.objects.filter(parent=department).order_by("lft")
    page = Paginator(children, CHILDREN_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "tab": "departments",
        "rail": tree,
        "department": department,
        "may": rights(request.operator, department),
        "path_above": above,
        "path": within,
        "counts": counts([department.pk])[department.pk],
        "page": page,
        "children": sub_departments(page.object_list),
        "changes": recent_changes([department, *page.object_list]),
    }


def split_at_top(steps: list[Step], tops: set[int]) -> tuple[list[Step], list[Step]]:
    """A path parted where the operator's scope begins: what is above can be read, not opened."""
    begin = next((place for place, step in enumerate(steps) if step.pk in tops), len(steps))
    return steps[:begin], steps[begin:]
