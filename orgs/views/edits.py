"""Changing departments: each view is a form, one service call, one answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_platform.htmx import go_to, render_page, wants_part
from admin_platform.htmx_events import trigger
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from orgs.errors import ChangedMeanwhile, DepartmentRefused
from orgs.forms.departments import DepartmentEditForm, DepartmentForm
from orgs.models import Department
from orgs.selectors.departments import paths
from orgs.selectors.rights import rights
from orgs.services.departments import (
    change_department,
    create_department,
    delete_department,
    obstacle,
)
from orgs.tree_state import open_nodes, remember

MANAGE = "department.manage"


def fetch(request: ConsoleRequest, pk: int) -> Department:
    departments = request.operator.scope(Department.objects.select_related("parent"))
    department: Department = get_object_or_404(departments, pk=pk)
    return department


def done(request: ConsoleRequest, text: str, to: Department, undo: str = "") -> HttpResponse:
    """The page at hand shows the change at once; without scripts, the department's page does."""
    if not wants_part(request):
        messages.success(request, text)
        return go_to(request, "orgs:department-detail", pk=to.pk)
    toast = {"text": text, "kind": "ok", "undo": undo}
    events = {"dialog:close": True, "departments-changed": True, "toast": toast}
    return trigger(HttpResponse(status=204), **events)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def department_create(request: ConsoleRequest, pk: int) -> HttpResponse:
    parent = fetch(request, pk)
    form = DepartmentForm(request.POST or None)
    if form.is_valid():
        try:
            department = create_department(
                parent=parent, **form.cleaned_data, actor=request.operator
            )
        except DepartmentRefused as refusal:
            form.refuse(refusal)
        else:
            response = done(
                request, _("Created department “%(name)s”") % {"name": department.name}, parent
            )
            remember(response, [*(open_nodes(request) or []), parent.pk])
            return response
    context = {
        "title": _("New department"),
        "form": form,
        "parent": parent,
        "parent_path": paths([parent.pk])[parent.pk],
    }
    return render_page(
        request,
        "orgs/department_create.html",
        context,
        status=422 if form.is_bound else 200,
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def department_edit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Name and description, in place: ?in=head on the department's page, ?in=row in a table."""
    department = fetch(request, pk)
    may = rights(request.operator, department)
    form = DepartmentEditForm(request.POST or None, department=department, may_rename=may.rename)
    if form.is_valid():
        try:
            change_department(
                department=department, wanted=form.wanted, seen=form.seen, actor=request.operator
            )
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
            form.show(fetch(request, pk))
        except DepartmentRefused as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("Saved"), department)
    part = "row" if request.GET.get("in") == "row" else "head"
    return render_page(
        request,
        "orgs/department_edit.html",
        {
            "title": _("Edit department"),
            "form": form,
            "department": department,
            "focus": "description" if request.GET.get("focus") == "description" else "name",
        },
        part=part,
        status=422 if form.is_bound else 200,
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def department_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask, then delete; what is in the way is named with links that lead there."""
    department = fetch(request, pk)
    refusal: DepartmentRefused | None = None
    if request.method == "POST":
        try:
            delete_department(department=department, actor=request.operator)
        except DepartmentRefused as error:
            refusal = error
        else:
            return _deleted(request, department)
    context = {
        "title": _("Delete department “%(name)s”") % {"name": department.name},
        "department": department,
        "path": paths([department.pk])[department.pk],
        "refusal": refusal or obstacle(department),
    }
    return render_page(
        request, "orgs/department_delete.html", context, status=422 if refusal else 200
    )


def _deleted(request: ConsoleRequest, department: Department) -> HttpResponse:
    assert department.parent is not None  # noqa: S101  the root is never deleted
    text = _("Deleted department “%(name)s”") % {"name": department.name}
    page = reverse("orgs:department-detail", args=[department.pk])
    if wants_part(request) and request.htmx.current_url_abs_path != page:
        return done(request, text, department.parent)
    messages.success(request, text)
    return go_to(request, "orgs:department-detail", pk=department.parent.pk)
