"""A whole tree in memory: taking in many new departments and orders, writing them at once.

MPTT would renumber the tree for every department; here it is numbered once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

from django.db import connection
from django.utils import timezone

from admin_platform.pinyin import spelled
from orgs.models import Department, Organization

RENUMBER = """
UPDATE orgs_department d SET lft = n.lft, rght = n.rght
FROM unnest(%s::bigint[], %s::integer[], %s::integer[]) AS n(id, lft, rght)
WHERE d.id = n.id AND (d.lft, d.rght) <> (n.lft, n.rght)
"""
BATCH = 1000


@dataclass(slots=True, eq=False)
class Node:
    """A department as it is to be. row: what is stored; None until a new one is written."""

    name: str
    description: str = ""
    parent: Node | None = None
    row: Department | None = None
    children: dict[str, Node] = field(default_factory=dict)
    lft: int = 0
    rght: int = 0

    @property
    def level(self) -> int:
        return self.parent.level + 1 if self.parent else 0

    @property
    def way(self) -> list[Node]:
        """From the root down to this node."""
        return [*(self.parent.way if self.parent else []), self]

    @property
    def is_new(self) -> bool:
        return self.row is None

    def add(self, name: str) -> Node:
        self.children[name] = Node(name, parent=self)
        return self.children[name]

    def sort(self, wanted: Mapping[Node, int]) -> bool:
        """Put the children in order: where `wanted` says, else where they are, new ones last.

        Of two at one place the wanted one comes first. Returns whether that changed the
        order of those that were there.
        """
        place = {
            node: (wanted.get(node, inf if node.is_new else number), node not in wanted)
            for number, node in enumerate(self.children.values(), 1)
        }
        ordered = sorted(self.children.values(), key=lambda node: place[node])
        former = [node for node in self.children.values() if not node.is_new]
        self.children = {node.name: node for node in ordered}
        return former != [node for node in ordered if not node.is_new]

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children.values():
            yield from child.walk()


def load_outline(organization: Organization) -> Node:
    """The organization's tree; the caller holds its lock."""
    nodes: dict[int, Node] = {}
    rows = Department.objects.filter(organization=organization).order_by("tree_id", "lft")
    for row in rows:
        parent = nodes.get(row.parent_id) if row.parent_id else None
        node = Node(row.name, row.description, parent, row)
        nodes[row.pk] = node
        if parent:
            parent.children[row.name] = node
    return next(iter(nodes.values()))


def write_outline(root: Node) -> tuple[list[Node], list[Node]]:
    """Insert what is new, update what is described anew, number all; (new, described) nodes."""
    _number(root)
    nodes = list(root.walk())
    described = [n for n in nodes if n.row is not None and n.row.description != n.description]
    new = [node for node in nodes if node.is_new]
    _insert(root, new)
    _describe(described)
    with connection.cursor() as cursor:
        ids = [node.row.pk for node in nodes if node.row]
        cursor.execute(RENUMBER, [ids, [n.lft for n in nodes], [n.rght for n in nodes]])
    return new, described


def _number(root: Node) -> None:
    number = 0

    def visit(node: Node) -> None:
        nonlocal number
        number += 1
        node.lft = number
        for child in node.children.values():
            visit(child)
        number += 1
        node.rght = number

    visit(root)


def _insert(root: Node, new: list[Node]) -> None:
    """Level by level, for a parent must have its id first."""
    assert root.row is not None  # noqa: S101  the root is never new
    for level in sorted({node.level for node in new}):
        nodes = [node for node in new if node.level == level]
        for node in nodes:
            node.row = Department(
                organization_id=root.row.organization_id,
                parent_id=node.parent.row.pk if node.parent and node.parent.row else None,
                name=node.name,
                pinyin=spelled(node.name),
                description=node.description,
                tree_id=root.row.tree_id,
                level=level,
                lft=node.lft,
                rght=node.rght,
            )
        Department.objects.bulk_create([n.row for n in nodes if n.row], batch_size=BATCH)


def _describe(nodes: list[Node]) -> None:
    rows = [node.row for node in nodes if node.row]
    for node in nodes:
        if node.row:
            node.row.description = node.description
            node.row.updated_at = timezone.now()
    Department.objects.bulk_update(rows, ["description", "updated_at"], batch_size=BATCH)
