"""Departments as they are shown: paths, counts, children, search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from admin_platform.operator import Operator
from orgs.models import Department, Organization
from orgs.paths import join_path

# Parents are followed, at most MAX_LEVELS steps; MPTT's numbers would have to look at
# every department to the left.
ANCESTRY = """
WITH RECURSIVE climb(start_id, id, parent_id, name, level) AS (
    SELECT id, id, parent_id, name, level FROM orgs_department WHERE id = ANY(%s)
    UNION
    SELECT climb.start_id, d.id, d.parent_id, d.name, d.level
    FROM climb JOIN orgs_department d ON d.id = climb.parent_id
)
SELECT start_id, id, name FROM climb ORDER BY start_id, level
"""

COUNTS = """
SELECT v.id,
       coalesce(sum(k.members) FILTER (WHERE d.id = v.id), 0),
       coalesce(sum(k.members - k.shared), 0)
FROM orgs_department v
JOIN orgs_department d ON d.tree_id = v.tree_id AND d.lft BETWEEN v.lft AND v.rght
JOIN orgs_departmentcount k ON k.department_id = d.id
WHERE v.id = ANY(%s)
GROUP BY v.id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One department of a path."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Accounts of a department itself, and of it with everything below, each once."""

    direct: int = 0
    total: int = 0


def ancestry(department_ids: Iterable[int]) -> dict[int, list[Step]]:
    """For each department the way from the root down to itself. One query."""
    steps: dict[int, list[Step]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(ANCESTRY, [list(department_ids)])
        for start_id, pk, name in cursor.fetchall():
            steps[start_id].append(Step(pk, name))
    return dict(steps)


def paths(department_ids: Iterable[int]) -> dict[int, str]:
    """For each department its path below the root ("A / B / C"); the root's is its name."""
    return {
        pk: join_path(step.name for step in steps[1:] or steps)
        for pk, steps in ancestry(department_ids).items()
    }


def counts(department_ids: Iterable[int]) -> defaultdict[int, Counts]:
    """For each department its counts; none without accounts. One query."""
    found: defaultdict[int, Counts] = defaultdict(Counts)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [list(department_ids)])
        for pk, direct, total in cursor.fetchall():
            found[pk] = Counts(direct, total)
    return found


def top_departments(operator: Operator) -> QuerySet[Department]:
    """The outermost departments of the operator's scope, in the order of the tree."""
    departments: QuerySet[Department] = Department.objects.filter(
        organization_id=operator.organization_id
    )
    if operator.is_system:
        departments = departments.filter(parent=None)
    else:
        departments = departments.filter(pk__in=[s.department_id for s in operator.spans()])
    return departments.order_by("tree_id", "lft")


def search_departments(operator: Operator, query: str) -> QuerySet[Department]:
    """Departments in scope whose name, its pinyin or description has the query.

    In the tree's order. One letter is too little for pinyin: it would be in nearly all.
    """
    # A NUL cannot be in the database, nor asked for.
    query = query.replace("\x00", "")
    found = Q(name__icontains=query) | Q(description__icontains=query)
    if len(query) > 1 and query.isascii() and query.isalnum():
        found |= Q(pinyin__contains=query.lower())
    return operator.scope(Department.objects.all()).filter(found).order_by("tree_id", "lft")


@dataclass(frozen=True, slots=True)
class SubDepartment:
    """A line of the table of sub-departments."""

    department: Department
    counts: Counts
    children: int


def sub_departments(departments: Iterable[Department]) -> list[SubDepartment]:
    """The departments, each with its accounts and how many children it has. Two queries."""
    departments = list(departments)
    ids = [department.pk for department in departments]
    accounts, children = counts(ids), children_counts(ids)
    return [SubDepartment(d, accounts[d.pk], children.get(d.pk, 0)) for d in departments]


def children_counts(department_ids: Iterable[int]) -> dict[int, int]:
    """How many children each department has; those without are left out."""
    children = Department.objects.filter(parent_id__in=department_ids).order_by()
    return dict(children.values_list("parent_id").annotate(n=Count("pk")))


def departments_by_path(organization: Organization) -> dict[tuple[str, ...], int]:
    """Every department of the organization by the names of its path below the root.

    The root has the empty path. One query, in the order of the tree.
    """
    found: dict[tuple[str, ...], int] = {}
    path: list[str] = []
    rows = Department.objects.filter(organization=organization).order_by("tree_id", "lft")
    for pk, level, name in rows.values_list("pk", "level", "name"):
        path[max(level - 1, 0) :] = [name] if level else []
        found[tuple(path)] = pk
    return found
