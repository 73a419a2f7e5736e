"""Bringing an uploaded table into the staging rows of its import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.import_columns import COLUMNS
from accounts.models import AccountImport, ImportRow
from admin_platform import crypto
from admin_platform.copying import copy_rows
from admin_platform.spreadsheets import (
    SpreadsheetRefused,
    Values,
    find_headings,
    in_chunks,
    open_rows,
    read_values,
)

ROWS_PER_COPY = 5000


def stage(account_import: AccountImport) -> bool:
    """Read the file into rows and delete it; False, with the reason kept, if it cannot be read."""
    try:
        with transaction.atomic():
            _read(account_import)
    except SpreadsheetRefused as refusal:
        account_import.state = AccountImport.State.REFUSED
        account_import.refusal = str(refusal)
    drop_file(account_import)
    account_import.save()
    return account_import.state != AccountImport.State.REFUSED


def _read(account_import: AccountImport) -> None:
    with account_import.file.open("rb") as file, open_rows(file) as rows:
        headings = find_headings(rows, COLUMNS)
        account_import.columns = list(headings.places)
        account_import.ignored = list(headings.unknown)
        total = 0
        for chunk in in_chunks(read_values(rows, headings), ROWS_PER_COPY):
            copy_rows(
                ImportRow,
                ["account_import_id", "number", "values", "marks"],
                _staged(account_import.pk, chunk),
            )
            total += len(chunk)
        account_import.total_rows = total


def _staged(import_id: int, chunk: Iterable[Values]) -> Iterable[tuple[Any, ...]]:
    for row in chunk:
        texts = {code: text for code, text in row.texts.items() if text}
        marks = [
            {
                "column": code,
                "value": "" if code == "password" else texts.get(code, ""),
                "reason": mark.reason,
            }
            for code, mark in row.marks.items()
        ]
        if "password" in texts:
            texts["password"] = crypto.encrypt(texts["password"])
        yield import_id, row.number, texts, marks


def drop_file(account_import: AccountImport) -> None:
    """The file may hold passwords; once its rows are staged nobody needs it."""
    storage, name = account_import.file.storage, account_import.file.name
    account_import.file = ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))
