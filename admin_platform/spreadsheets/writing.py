"""Writing tables: templates and corrected uploads as xlsx, exports as CSV."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from admin_platform.spreadsheets.columns import Column
from admin_platform.spreadsheets.text import FORMULA_STARTS

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
# Excel's own limit of a sheet; drop-downs reach so far.
LAST_ROW = 1_048_576
TEXT_FORMAT = "@"
HEADING = Font(bold=True)
HEADING_FILL = PatternFill("solid", fgColor="E6EDED")
REQUIRED_FILL = PatternFill("solid", fgColor="CFE3E4")
TOP = Alignment(vertical="top", wrap_text=True)


def neutralise(text: str) -> str:
    """A cell that a spreadsheet program shows and does not compute (CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_template(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, str]] = (),
    *,
    title: str,
    notes: Sequence[str] = (),
) -> IO[bytes]:
    """An xlsx file: headings with notes and drop-downs, the rows, a sheet that explains.

    rows: column code to text. The file is at its beginning and vanishes when closed.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    choices = [column for column in columns if column.choices]
    list_title = _("Choices")
    _set_up(sheet, columns, [_drop_down(c, columns, choices, list_title) for c in choices])
    sheet.append([_heading(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_text(sheet, row.get(column.code, "")) for column in columns])
    _write_notes(book.create_sheet(_("Notes")), columns, notes)
    if choices:
        _write_choices(book.create_sheet(list_title), choices)
    file = tempfile.TemporaryFile(prefix="table-")  # noqa: SIM115  the caller closes it
    book.save(file)
    file.seek(0)
    return file


def _set_up(sheet: Any, columns: Sequence[Column], drop_downs: Iterable[DataValidation]) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = column.width
        # Or 00123 would become 123, and a phone number 1.38E+10.
        dimension.number_format = TEXT_FORMAT
    for drop_down in drop_downs:
        sheet.data_validations.append(drop_down)


def _drop_down(
    column: Column, columns: Sequence[Column], choices: Sequence[Column], list_title: str
) -> DataValidation:
    listed = get_column_letter(choices.index(column) + 1)
    source = f"{quote_sheetname(list_title)}!${listed}$2:${listed}${len(column.choices) + 1}"
    drop_down = DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        showErrorMessage=column.strict,
        errorTitle=str(column.label),
        error=_("Choose a value from the list."),
    )
    own = get_column_letter(columns.index(column) + 1)
    drop_down.add(f"{own}2:{own}{LAST_ROW}")
    return drop_down


def _heading(sheet: Any, column: Column) -> Cell:
    cell = WriteOnlyCell(sheet, f"{column.label}*" if column.required else str(column.label))
    cell.font = HEADING
    cell.fill = REQUIRED_FILL if column.required else HEADING_FILL
    if column.note:
        cell.comment = Comment(str(column.note), "", height=110, width=260)
    return cell


def _text(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text or None)
    if text:
        # openpyxl takes what begins with "=" for a formula.
        cell.data_type = "s"
        cell.number_format = TEXT_FORMAT
    return cell


def _write_notes(sheet: Any, columns: Sequence[Column], notes: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 10
    sheet.column_dimensions["C"].width = 90
    for note in notes:
        sheet.append([note])
    if notes:
        sheet.append([])
    sheet.append([_bold(sheet, text) for text in (_("Column"), _("Required"), _("What to enter"))])
    for column in columns:
        meaning = WriteOnlyCell(sheet, str(column.note))
        meaning.alignment = TOP
        sheet.append([str(column.label), _("Yes") if column.required else "", meaning])


def _bold(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = HEADING
    return cell


def _write_choices(sheet: Any, choices: Sequence[Column]) -> None:
    for place, column in enumerate(choices, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(column.width, 24)
    sheet.append([_bold(sheet, str(column.label)) for column in choices])
    for place in range(max(len(column.choices) for column in choices)):
        sheet.append(
            [
                _text(sheet, column.choices[place] if place < len(column.choices) else "")
                for column in choices
            ]
        )


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A CSV file in pieces, with the mark by which Excel knows UTF-8, formulas neutralised."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([neutralise(text) for text in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
