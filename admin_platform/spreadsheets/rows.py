"""A table as it is read: rows of texts, a few cells with a mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from django.utils.translation import gettext as _

T = TypeVar("T")

# Above the headings there may be a title and some lines of notes.
HEAD_ROWS = 20


class Mark(StrEnum):
    """Why the text of a cell is not what its author means."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR = "error"
    IMPRECISE = "imprecise"

    @property
    def reason(self) -> str:
        match self:
            case Mark.FORMULA:
                return _("The cell holds a formula. Copy it and paste the value only.")
            case Mark.MERGED:
                return _("The cell is merged with another one. Unmerge it and fill in each row.")
            case Mark.ERROR:
                return _("The cell shows an error (such as #N/A). Correct it.")
            case Mark.IMPRECISE:
                return _(
                    "The number has more than 15 digits, so Excel has lost the last ones. "
                    "Format the column as text and type it again."
                )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """number: as the spreadsheet program shows it, from 1. cells: from column A, trimmed.

    marks: column (from 0) to what is wrong with the cell.
    """

    number: int
    cells: list[str]
    marks: Mapping[int, Mark] = field(default_factory=dict)

    def __getitem__(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


def in_chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
