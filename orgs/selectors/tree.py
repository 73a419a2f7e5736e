"""The tree beside the lists: what of it is visible, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse

from admin_platform.operator import Operator
from orgs.models import Department
from orgs.selectors.departments import ancestry, counts, search_departments, top_departments

DETAIL = "orgs:department-detail"
# Children of one department that are shown before one asks for more.
CHILDREN_SHOWN = 100
HITS_SHOWN = 50


@dataclass(slots=True)
class RailNode:
    """A visible department. more: how many of its children are left out so far."""

    pk: int
    name: str
    url: str
    parent_id: int | None = None
    total: int = 0
    has_children: bool = False
    is_open: bool = False
    is_current: bool = False
    is_hit: bool = False
    children: list[RailNode] = field(default_factory=list)
    more: int = 0
    next_offset: int = CHILDREN_SHOWN

    @property
    def early_id(self) -> int | None:
        """The child shown out of turn, because it leads to the selected department."""
        return self.children[CHILDREN_SHOWN].pk if len(self.children) > CHILDREN_SHOWN else None


@dataclass(frozen=True, slots=True)
class Rail:
    """The visible tree.

    to: the page that its links lead to, as a URL name. is_movable: departments may be
    dragged, for which the tree must be whole, not a search's.
    """

    nodes: list[RailNode]
    to: str
    query: str = ""
    is_movable: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a node is made of. siblings: how many children its parent has."""

    pk: int
    parent_id: int | None
    name: str
    lft: int
    rght: int
    siblings: int = 1

    @property
    def has_children(self) -> bool:
        return self.rght - self.lft > 1


COLUMNS = ("pk", "parent_id", "name", "lft", "rght")


def link_to(page: str, pk: int) -> str:
    """The page's address for a department: its path names one, or its query does.

    Raises NoReverseMatch for a page that is neither.
    """
    try:
        return reverse(page, args=[pk])
    except NoReverseMatch:
        return f"{reverse(page)}?department={pk}"


def rail(
    operator: Operator,
    selected: Department | None = None,
    open_ids: Sequence[int] | None = None,
    *,
    to: str = DETAIL,
    chosen: Collection[int] = (),
) -> Rail:
    """The operator's tree with the open departments' children; four queries.

    open_ids: None for somebody who has not opened or closed anything yet. What is above
    the selected department, or above the chosen ones, is open in any case.
    """
    tops = [Row(*row) for row in top_departments(operator).values_list(*COLUMNS)]
    ways = ancestry([*chosen, *([selected.pk] if selected else [])]).values()
    opened = {top.pk for top in tops} if open_ids is None else set(open_ids)
    opened |= {step.pk for steps in ways for step in steps[:-1]}
    rows = tops + child_rows(opened, always=[step.pk for steps in ways for step in steps])
    nodes = build(rows, tops, opened=opened, to=to, selected_id=selected.pk if selected else None)
    movable = to == DETAIL and operator.can("department.manage")
    return Rail(nodes, to, is_movable=movable)


def child_rows(
    parent_ids: Collection[int], *, always: Collection[int] = (), offset: int = 0
) -> list[Row]:
    """The next children of each parent, and those that must not be left out."""
    place = Window(RowNumber(), partition_by="parent_id", order_by="lft")
    siblings = Window(Count("pk"), partition_by="parent_id")
    shown = Q(place__gt=offset, place__lte=offset + CHILDREN_SHOWN) | Q(pk__in=always)
    rows = (
        Department.objects.filter(parent_id__in=parent_ids)
        .annotate(place=place, siblings=siblings)
        .filter(shown)
        .order_by("tree_id", "lft")
    )
    return [Row(*row) for row in rows.values_list(*COLUMNS, "siblings")]


def children(
    department: Department, *, to: str = DETAIL, offset: int = 0, early_id: int | None = None
) -> RailNode:
    """A department with its next children, those closed. early_id: one that is shown already."""
    rows = [row for row in child_rows([department.pk], offset=offset) if row.pk != early_id]
    own = Row(*(getattr(department, column) for column in COLUMNS))
    (node,) = build([own, *rows], [own], opened={own.pk}, to=to)
    if rows:
        node.more = max(rows[0].siblings - offset - CHILDREN_SHOWN, 0)
    node.next_offset = offset + CHILDREN_SHOWN
    return node


def build(
    rows: Iterable[Row],
    tops: Iterable[Row],
    *,
    opened: Collection[int],
    to: str,
    selected_id: int | None = None,
    hits: Collection[int] = (),
) -> list[RailNode]:
    """Nodes of what can be reached from the tops; one query for the counts."""
    rows = list(rows)
    total = counts([row.pk for row in rows])
    nodes = {
        row.pk: RailNode(
            pk=row.pk,
            name=row.name,
            url=link_to(to, row.pk),
            parent_id=row.parent_id,
            total=total[row.pk].total,
            has_children=row.has_children,
            is_open=row.has_children and row.pk in opened,
            is_current=row.pk == selected_id,
            is_hit=row.pk in hits,
        )
        for row in rows
    }
    roots = {top.pk for top in tops}
    for row in rows:
        if row.pk not in roots and row.parent_id in nodes:
            parent = nodes[row.parent_id]
            parent.children.append(nodes[row.pk])
            parent.more = max(row.siblings - len(parent.children), 0)
    return [nodes[pk] for pk in dict.fromkeys(top.pk for top in tops)]


def found(
    operator: Operator, query: str, *, to: str = DETAIL, chosen: Collection[int] = ()
) -> Rail:
    """The tree reduced to the first departments found and what leads to them; five queries.

    chosen: departments that stay in it although they were not found.
    """
    hits = list(search_departments(operator, query).values_list("pk", flat=True)[:HITS_SHOWN])
    ways = ancestry({*hits, *chosen}).values()
    leading = {step.pk for steps in ways for step in steps}
    opened = {step.pk for steps in ways for step in steps[:-1]}
    tops = [
        Row(*row) for row in top_departments(operator).filter(pk__in=leading).values_list(*COLUMNS)
    ]
    inner = Department.objects.filter(pk__in=leading).order_by("tree_id", "lft")
    rows = {row.pk: row for row in tops} | {
        row[0]: Row(*row) for row in inner.values_list(*COLUMNS)
    }
    nodes = build(rows.values(), tops, opened=opened, to=to, hits=set(hits))
    return Rail(nodes, to, query=query)
