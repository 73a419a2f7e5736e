"""Rows of an import of contacts, cleaned by the very fields of the form for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from admin_platform.spreadsheets import Values
from orgs.contact_sheet import COLUMNS
from orgs.forms.contacts import ContactForm, GroupForm
from orgs.models.contact import DEFAULT_POSITION
from orgs.services.contact_import import ImportedRow, RowProblem
from orgs.services.contacts import ContactText

FIELDS = ContactForm.base_fields | {"group": GroupForm.base_fields["name"]}


def clean_rows(rows: Iterable[Values]) -> Iterator[ImportedRow | RowProblem]:
    """Each row as it can be written, or the first thing that is wrong with it."""
    for values in rows:
        yield _clean_row(values)


def _clean_row(values: Values) -> ImportedRow | RowProblem:
    if not values.texts:
        return RowProblem(values.number, "name", "", _("This card cannot be read."))
    cleaned: dict[str, Any] = {}
    for column in COLUMNS:
        text = values.texts.get(column.code, "")
        if mark := values.marks.get(column.code):
            return RowProblem(values.number, column.code, text, mark.reason)
        try:
            cleaned[column.code] = _clean(column.code, text)
        except ValidationError as error:
            reason = " ".join(error.messages)
            return RowProblem(values.number, column.code, text, reason)
    group = cleaned.pop("group")
    return ImportedRow(values.number, group, ContactText(**cleaned))


def _clean(code: str, text: str) -> Any:
    """What the single form asks for may be blank in a table, but for the name."""
    if not text and code == "position":
        return DEFAULT_POSITION
    if not text and code == "group":
        return ""
    return FIELDS[code].clean(text)
