"""What a file is, by its content: its name proves nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext_lazy as _

from admin_platform.spreadsheets.errors import (
    Broken,
    EmptyTable,
    NotASpreadsheet,
    OldOrLocked,
    SaveAsXlsx,
    TooBig,
)

HEAD_BYTES = 4096
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Microsoft's compound file: .xls, .et, and every workbook with a password.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK = b"\xef\xbb\xbf"

MAX_ENTRIES = 2000
MAX_UNPACKED_BYTES = 400 * 1024**2
# Worksheets shrink to a tenth, at times to a fiftieth; what shrinks more is no worksheet.
MAX_RATIO = 250
RATIO_FROM_BYTES = 10 * 1024**2

CONTENT_TYPES = "[Content_Types].xml"
MAX_CONTENT_TYPES_BYTES = 1024**2
WORKBOOKS = (b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")
# A zero byte or a control character (blanks aside; DOS ends a text with 1A) is in no text.
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")

ARCHIVE = _("This is an archive.")
OTHERS = (
    ((b"%PDF",), _("This is a PDF document.")),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), _("This is a picture.")),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), ARCHIVE),
)


class Kind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def kind_of(path: Path) -> Kind:
    """Raises SpreadsheetRefused for what is neither an xlsx workbook nor text."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b" \t\r\n"):
        raise EmptyTable
    if head.startswith(COMPOUND):
        raise OldOrLocked
    if head.startswith(ZIP):
        check_workbook(path)
        return Kind.XLSX
    check_text(head)
    return Kind.CSV


def check_workbook(path: Path) -> None:
    """Raises SpreadsheetRefused unless the archive is an xlsx workbook of a sane size.

    The sizes are what the archive says of itself; one that lies meets the limits of the
    process that reads it.
    """
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes([(entry.file_size, entry.compress_size) for entry in entries])
            names = set(archive.namelist())
            if CONTENT_TYPES not in names:
                raise SaveAsXlsx if "mimetype" in names else NotASpreadsheet(str(ARCHIVE))
            with archive.open(CONTENT_TYPES) as file:
                types = file.read(MAX_CONTENT_TYPES_BYTES)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Broken from error
    if any(kind in types for kind in WORKBOOKS):
        return
    raise SaveAsXlsx if b"ms-excel" in types else NotASpreadsheet


def _check_sizes(sizes: list[tuple[int, int]]) -> None:
    if len(sizes) > MAX_ENTRIES or sum(size for size, _packed in sizes) > MAX_UNPACKED_BYTES:
        raise TooBig
    for size, packed in sizes:
        if size > RATIO_FROM_BYTES and size > packed * MAX_RATIO:
            raise TooBig


def check_text(head: bytes) -> None:
    """Raises SpreadsheetRefused where the beginning of a file is not that of a text."""
    for beginnings, what in OTHERS:
        if head.startswith(beginnings):
            raise NotASpreadsheet(str(what))
    if head.startswith(UTF16):
        return
    if NO_TEXT.search(head):
        raise NotASpreadsheet
    # Many programs write a web page and call it .xls.
    if head.removeprefix(UTF8_MARK).lstrip().startswith(b"<"):
        raise SaveAsXlsx
