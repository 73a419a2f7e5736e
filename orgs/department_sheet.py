"""The table of departments that is exported and imported."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from admin_platform.operator import Operator
from admin_platform.spreadsheets import Column
from orgs.models import Department
from orgs.paths import join_path
from orgs.selectors.departments import Step, ancestry, top_departments

# As many as a tree may reasonably have, and twice as many again.
MAX_ROWS = 20_000

COLUMNS = (
    Column(
        "path",
        _("Department path"),
        required=True,
        width=48,
        note=_(
            "From the department right below the organization down to this one, separated by "
            "“/”: Research / Platform / Storage. Departments of the path that do not exist yet "
            "are created."
        ),
        also=("部门", "部门名称", "Department", "path"),
    ),
    Column(
        "description",
        _("Description"),
        width=48,
        note=_("Up to 500 characters. Left blank: the description stays as it is."),
    ),
    Column(
        "order",
        _("Order"),
        width=10,
        note=_("A number: its place among the departments with the same parent. May be blank."),
        also=("排序", "序号"),
    ),
)


def export_rows(operator: Operator) -> Iterator[dict[str, str]]:
    """The departments in scope but for the organization itself, in the tree's order. Three queries.

    The top of a scope has no order: its place is its parent's matter.
    """
    ways = ancestry(top_departments(operator).values_list("pk", flat=True))
    departments = operator.scope(Department.objects.exclude(parent=None)).order_by("tree_id", "lft")
    way: list[Step] = []
    places: dict[int, int] = {}
    for row in departments.values("pk", "parent_id", "name", "description", "level").iterator():
        if row["pk"] in ways:
            way, order = ways[row["pk"]], ""
        else:
            parent_id = row["parent_id"]
            way = [*(way or ways[parent_id])[: row["level"]], Step(row["pk"], row["name"])]
            places[parent_id] = places.get(parent_id, 0) + 1
            order = str(places[parent_id])
        yield {
            "path": join_path(step.name for step in way[1:]),
            "description": row["description"],
            "order": order,
        }
