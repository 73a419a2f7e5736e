"""The columns of a kind of table: what its template offers and its upload is searched for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from admin_platform.spreadsheets.errors import (
    EmptyTable,
    HeadingsMissing,
    HeadingTwice,
    TooManyRows,
)
from admin_platform.spreadsheets.reading import MAX_ROWS
from admin_platform.spreadsheets.rows import HEAD_ROWS, Mark, SheetRow

_NOISE = re.compile(r"[\s*_:]|\(.*?\)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template and of its upload.

    code: names it in code; label: its heading, found in every language of the platform.
    also: other headings that people use. note: shown when the heading is pointed at.
    choices: what its drop-down offers, with several allowed or free text too where
    `strict` is False. width: in characters.
    """

    code: str
    label: str | Promise
    required: bool = False
    note: str | Promise = ""
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    strict: bool = True
    width: int = 16


def heading_key(text: str) -> str:
    """What of a heading counts: no case, blanks, asterisks, or words in brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def heading_keys(column: Column) -> set[str]:
    keys = {heading_key(also) for also in (*column.also, column.code)}
    for language, _name in settings.LANGUAGES:
        with override(language):
            keys.add(heading_key(str(column.label)))
    return keys


@dataclass(frozen=True, slots=True)
class Values:
    """One row by column codes. marks: code to what is wrong with the cell."""

    number: int
    texts: dict[str, str]
    marks: dict[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the columns are, as a row says (number, from 1). unknown: no column's headings."""

    number: int
    places: Mapping[str, int]
    unknown: Sequence[str] = ()
    twice: Sequence[str] = ()

    def values(self, row: SheetRow) -> Values:
        marks = {
            code: row.marks[place] for code, place in self.places.items() if place in row.marks
        }
        return Values(row.number, {c: row[p] for c, p in self.places.items()}, marks)


def find_headings(rows: Iterator[SheetRow], columns: Sequence[Column]) -> Headings:
    """Take rows up to the one with the headings; what stands above is passed over.

    Raises HeadingsMissing where no row has all required ones, HeadingTwice, EmptyTable.
    """
    keys = {key: column.code for column in columns for key in heading_keys(column)}
    required = [column for column in columns if column.required]
    missing: list[Column] | None = None
    for _place, row in zip(range(HEAD_ROWS), rows):  # noqa: B905  the shorter one decides
        headings = _headings(row, keys)
        absent = [column for column in required if column.code not in headings.places]
        if not absent:
            if headings.twice:
                raise HeadingTwice(headings.twice[0])
            return headings
        if missing is None or len(absent) < len(missing):
            missing = absent
    if missing is None:
        raise EmptyTable
    raise HeadingsMissing([str(column.label) for column in missing])


def _headings(row: SheetRow, keys: Mapping[str, str]) -> Headings:
    places: dict[str, int] = {}
    unknown, twice = [], []
    for place, text in enumerate(row.cells):
        code = keys.get(heading_key(text))
        if code in places:
            twice.append(text)
        elif code:
            places[code] = place
        elif text:
            unknown.append(text)
    return Headings(row.number, places, unknown, twice)


def read_values(
    rows: Iterator[SheetRow], headings: Headings, *, max_rows: int = MAX_ROWS
) -> Iterator[Values]:
    """The rows below the headings that have something in a known column.

    Raises TooManyRows, and EmptyTable when there is none.
    """
    number = 0
    for row in rows:
        values = headings.values(row)
        if not any(values.texts.values()) and not values.marks:
            continue
        number += 1
        if number > max_rows:
            raise TooManyRows(max_rows)
        yield values
    if not number:
        raise EmptyTable


def labels(columns: Iterable[Column]) -> dict[str, str]:
    return {column.code: str(column.label) for column in columns}
