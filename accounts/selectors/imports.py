"""Imports as they are shown: their rows, the corrected template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.db.models import QuerySet

from accounts.import_columns import COLUMNS
from accounts.models import AccountImport, ImportRow
from accounts.models.account_import import DROPPED
from admin_platform import crypto
from admin_platform.operator import Operator


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One reason why a row does not go in."""

    number: int
    name: str
    account: str
    column: str
    value: str
    reason: str


def bad_rows(account_import: AccountImport) -> QuerySet[ImportRow]:
    return account_import.rows.filter(state=ImportRow.State.BAD).order_by("number")


def problem_lines(rows: Sequence[ImportRow]) -> list[ProblemLine]:
    labels = {column.code: str(column.label) for column in COLUMNS}
    return [
        ProblemLine(
            row.number,
            row.values.get("name", ""),
            row.values.get("account", ""),
            labels.get(problem["column"], ""),
            problem["value"],
            problem["reason"],
        )
        for row in rows
        for problem in row.problems
    ]


def corrections(account_import: AccountImport, operator: Operator) -> Iterator[dict[str, str]]:
    """The bad rows as typed, with the reasons; typed passwords only for who uploaded them."""
    labels = {column.code: str(column.label) for column in COLUMNS}
    is_owner = account_import.owner_id == operator.account_id
    for row in bad_rows(account_import).iterator(2000):
        values = dict(row.values)
        values["password"] = _typed(values.get("password", "")) if is_owner else ""
        reasons = [f"{labels.get(p['column'], '')}: {p['reason']}" for p in row.problems]
        yield values | {"reason": "\n".join(reasons)}


def _typed(kept: str) -> str:
    if kept in ("", DROPPED):
        return ""
    try:
        return crypto.decrypt(kept)
    except InvalidToken:
        return ""
