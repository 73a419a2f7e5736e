"""Importing departments from a table (manual, 4.1): row by row, all good rows at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from admin_platform import audit
from admin_platform.operator import Operator
from admin_platform.spreadsheets import Values
from orgs.department_sheet import COLUMNS
from orgs.models import DESCRIPTION_MAX_LENGTH, MAX_LEVELS, NAME_MAX_LENGTH, Organization
from orgs.paths import join_path, split_path
from orgs.services.outline import Node, load_outline, write_outline
from orgs.services.tree_lock import FUNCTION, lock_tree
from orgs.validators import tidy, validate_department_name

ORDER_DIGITS = 7


@dataclass(frozen=True, slots=True)
class RowError:
    """number: of the row as the spreadsheet program shows it; column: its code."""

    number: int
    column: str
    value: str
    reason: str

    @property
    def label(self) -> str:
        return str(next(column.label for column in COLUMNS if column.code == self.column))


@dataclass(slots=True)
class ImportResult:
    """rows: how many were good. written: false when nothing was, for a row was bad."""

    rows: int = 0
    created: int = 0
    described: int = 0
    reordered: int = 0
    errors: list[RowError] = field(default_factory=list)
    written: bool = True


class BadCell(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@transaction.atomic
def import_departments(
    *,
    organization: Organization,
    rows: Iterable[Values],
    source: str,
    actor: Operator,
    all_or_nothing: bool = False,
) -> ImportResult:
    """Create the departments that are missing, describe and order those that are there.

    rows: with path, description and order as texts. source: the file's name, for the log.
    A bad row is told and left out; with all_or_nothing nothing is written when there is one.
    """
    lock_tree(organization.pk)
    root = load_outline(organization)
    plan = _Plan(root, actor)
    result = ImportResult()
    for values in rows:
        try:
            plan.take(values)
        except BadCell as bad:
            value = values.texts.get(bad.column, "")
            result.errors.append(RowError(values.number, bad.column, value, str(bad)))
        else:
            result.rows += 1
    result.written = not (result.errors and all_or_nothing)
    if result.written:
        _write(root, plan, result, source, actor)
    return result


def _write(root: Node, plan: _Plan, result: ImportResult, source: str, actor: Operator) -> None:
    former = {node: node.row.description for node in root.walk() if node.row}
    result.reordered = plan.sort()
    new, described = write_outline(root)
    result.created, result.described = len(new), len(described)
    if not (new or described or result.reordered):
        return
    batch = uuid.uuid4()
    audit.record(
        "department.imported",
        actor=actor,
        target=root.row,
        after={
            "file": source,
            "created": len(new),
            "described": len(described),
            "reordered": result.reordered,
        },
        batch=batch,
    )
    audit.record_many("department.created", _created(new), actor=actor, batch=batch)
    audit.record_many("department.changed", _described(described, former), actor=actor, batch=batch)


def _created(new: list[Node]) -> Iterator[audit.Change]:
    for node in new:
        path = join_path(step.name for step in node.way[1:])
        after = {"path": path, "description": node.description}
        yield audit.Change(node.row, {}, after, node.row.pk if node.row else None)


def _described(nodes: list[Node], former: dict[Node, str]) -> Iterator[audit.Change]:
    for node in nodes:
        before, after = {"description": former[node]}, {"description": node.description}
        yield audit.Change(node.row, before, after, node.row.pk if node.row else None)


class _Plan:
    """The tree as it is to be, changed by one good row after the other."""

    def __init__(self, root: Node, actor: Operator) -> None:
        self.root = root
        self.actor = actor
        self.held = {span.department_id for span in actor.spans(FUNCTION)}
        self.order: dict[Node, int] = {}
        self.first_row: dict[tuple[str, ...], int] = {}

    def take(self, values: Values) -> None:
        """Raises BadCell; the plan is then as it was."""
        for column, mark in values.marks.items():
            raise BadCell(column, mark.reason)
        path = self._path(values.texts["path"])
        description = _description(values.texts.get("description", ""))
        order = _order(values.texts.get("order", ""))
        nearest, missing = self._find(path)
        self._require_scope(nearest, missing, describes=bool(description), orders=order is not None)
        key = tuple(path)
        if key in self.first_row:
            raise BadCell(
                "path", _("Row %(n)d has this path already.") % {"n": self.first_row[key]}
            )
        self.first_row[key] = values.number
        node = nearest
        for name in missing:
            node = node.add(name)
        if description:
            node.description = description
        if order is not None:
            self.order[node] = order

    def sort(self) -> int:
        """Put siblings in the wanted order; under how many departments that changed something."""
        parents = {node.parent: None for node in self.order if node.parent}
        return sum(parent.sort(self.order) for parent in parents)

    def _path(self, text: str) -> list[str]:
        names = [tidy(name) for name in split_path(text)]
        if names == [""]:
            raise BadCell("path", _("The path is missing."))
        # Some write the organization's own name first.
        if names[0] == self.root.name and names[0] not in self.root.children:
            del names[0]
        if len(names) > MAX_LEVELS:
            raise BadCell("path", _("The path has more than %(n)d levels.") % {"n": MAX_LEVELS})
        for name in names:
            _check_name(name)
        return names

    def _find(self, path: list[str]) -> tuple[Node, list[str]]:
        """The last department of the path that is there, and the names that are not."""
        node = self.root
        for place, name in enumerate(path):
            if name not in node.children:
                return node, path[place:]
            node = node.children[name]
        return node, []

    def _require_scope(
        self, nearest: Node, missing: list[str], *, describes: bool, orders: bool
    ) -> None:
        place = nearest if missing else nearest.parent
        needed = [nearest] if missing or describes else []
        if orders and place:
            needed.append(place)
        if not all(self._is_held(node) for node in needed or [nearest]):
            raise BadCell("path", _("This department is outside your scope."))

    def _is_held(self, node: Node) -> bool:
        return self.actor.is_system or any(
            step.row is not None and step.row.pk in self.held for step in node.way
        )


def _check_name(name: str) -> None:
    if not name:
        raise BadCell("path", _("A name is missing between two “/”."))
    if len(name) > NAME_MAX_LENGTH:
        raise BadCell("path", _("A name is longer than %(n)d characters.") % {"n": NAME_MAX_LENGTH})
    try:
        validate_department_name(name)
    except ValidationError as error:
        raise BadCell("path", " ".join(error.messages)) from None


def _description(text: str) -> str:
    text = tidy(text)
    if len(text) > DESCRIPTION_MAX_LENGTH:
        raise BadCell(
            "description",
            _("The description is longer than %(n)d characters.") % {"n": DESCRIPTION_MAX_LENGTH},
        )
    return text


def _order(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= ORDER_DIGITS and int(text)):
        raise BadCell("order", _("The order must be a whole number from 1."))
    return int(text)
