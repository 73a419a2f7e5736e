"""Why a file cannot be read as a table, in words for the person who sent it."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class SpreadsheetRefused(Exception):
    """The file as a whole cannot be used; its text says why and what to do."""


class NotASpreadsheet(SpreadsheetRefused):
    """what: what the file is instead, where that can be told."""

    def __init__(self, what: str = "") -> None:
        text = _("This is not a table. Upload an Excel file (.xlsx) or a CSV file.")
        super().__init__(f"{what} {text}" if what else text)


class OldOrLocked(SpreadsheetRefused):
    """Both the old Excel format and a workbook with a password begin alike."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This file is in an old Excel format (.xls, .et) or has a password. "
                "Open it and save it as .xlsx without a password."
            )
        )


class SaveAsXlsx(SpreadsheetRefused):
    def __init__(self) -> None:
        super().__init__(
            _("This kind of workbook cannot be read. Open it and save it as .xlsx or CSV.")
        )


class Broken(SpreadsheetRefused):
    def __init__(self) -> None:
        super().__init__(_("The file is damaged. Open it in Excel or WPS and save it again."))


class TooBig(SpreadsheetRefused):
    """The file unpacks to more than we read: a zip bomb, or pictures."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The file is too large when unpacked and was not read. "
                "Copy the rows into a new workbook without pictures and upload that."
            )
        )


class TooManyRows(SpreadsheetRefused):
    def __init__(self, limit: int, found: int | None = None) -> None:
        values = {"limit": number_format(limit), "found": number_format(found or 0)}
        text = (
            _("The file has %(found)s rows; %(limit)s can be read at a time. Split it.")
            if found
            else _("The file has more than %(limit)s rows. Split it.")
        )
        super().__init__(text % values)


class TooManyColumns(SpreadsheetRefused):
    def __init__(self, limit: int, found: int) -> None:
        super().__init__(
            _("The table is %(found)s columns wide; %(limit)s can be read. Delete the others.")
            % {"limit": limit, "found": number_format(found)}
        )


class TooFarApart(SpreadsheetRefused):
    def __init__(self, row: int) -> None:
        super().__init__(
            _(
                "There is a stray cell far from the table, in row %(row)s. "
                "Delete the rows and columns outside the table."
            )
            % {"row": number_format(row)}
        )


class Unreadable(SpreadsheetRefused):
    """The reading process ended for want of memory or time."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Reading the file took too much memory or time and was stopped. "
                "Copy the rows into a new workbook and upload that."
            )
        )


class UnknownEncoding(SpreadsheetRefused):
    def __init__(self, row: int) -> None:
        super().__init__(
            _(
                "Row %(row)d has characters in an encoding that is not known. "
                "Save the file as “CSV UTF-8” or .xlsx."
            )
            % {"row": row}
        )


class BrokenRow(SpreadsheetRefused):
    def __init__(self, row: int) -> None:
        super().__init__(
            _("Row %(row)d cannot be read: a quotation mark is opened and never closed.")
            % {"row": row}
        )


class EmptyTable(SpreadsheetRefused):
    def __init__(self) -> None:
        super().__init__(_("The file has no rows. Fill in the template and upload it again."))


class HeadingsMissing(SpreadsheetRefused):
    def __init__(self, headings: list[str]) -> None:
        super().__init__(
            ngettext(
                "No heading “%(headings)s” was found in the first rows. "
                "Keep the headings of the template.",
                "The headings “%(headings)s” were not found in the first rows. "
                "Keep the headings of the template.",
                len(headings),
            )
            % {"headings": "”, “".join(headings)}
        )


class HeadingTwice(SpreadsheetRefused):
    def __init__(self, heading: str) -> None:
        super().__init__(
            _("The heading “%(heading)s” is there twice. Delete one of the columns.")
            % {"heading": heading}
        )
