"""Reading CSV: Excel and WPS write it in UTF-8, UTF-16 or GBK, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO

from admin_platform.spreadsheets.errors import (
    BrokenRow,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
)
from admin_platform.spreadsheets.kinds import UTF8_MARK, UTF16
from admin_platform.spreadsheets.rows import HEAD_ROWS, Mark, SheetRow

READ_SIZE = 1 << 20
DELIMITERS = ",;\t"
# What protects a cell from being read as a formula; taken off again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def read_csv(path: Path, *, max_rows: int, max_columns: int) -> Generator[SheetRow]:
    """The rows that are not empty. Raises SpreadsheetRefused, at times between two rows."""
    with path.open("rb") as raw, open_text(raw) as file:
        delimiter = find_delimiter(file)
        reader = csv.reader(file, delimiter=delimiter)
        found = 0
        for number, cells in enumerate(_records(reader), 1):
            if len(cells) > max_columns:
                raise TooManyColumns(max_columns, len(cells))
            row = to_row(number, cells)
            if not any(row.cells) and not row.marks:
                continue
            found += 1
            if found > max_rows + HEAD_ROWS:
                raise TooManyRows(max_rows)
            yield row


def _records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    number = 1
    try:
        for number, cells in enumerate(reader, 2):  # noqa: B007  the row after, should it fail
            yield cells
    except csv.Error as error:
        # Only a quotation mark that is never closed makes a field longer than the limit.
        raise BrokenRow(number) from error


def open_text(raw: IO[bytes]) -> io.TextIOWrapper:
    """The text in whichever encoding all of it has. Raises UnknownEncoding."""
    rows = []
    for encoding in _encodings(raw.read(len(UTF8_MARK))):
        raw.seek(0)
        rows.append(_undecodable_row(raw, encoding))
        raw.seek(0)
        if not rows[-1]:
            return io.TextIOWrapper(raw, encoding, newline="")
    raise UnknownEncoding(max(rows))


def _encodings(head: bytes) -> tuple[str, ...]:
    if head.startswith(UTF16):
        return ("utf-16",)
    return ("utf-8-sig",) if head == UTF8_MARK else ("utf-8", "gb18030")


def _undecodable_row(raw: IO[bytes], encoding: str) -> int:
    """0 when all of it can be decoded, else about in which line not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        while chunk := raw.read(READ_SIZE):
            lines += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return lines + error.object[: error.start].count(b"\n")
    return 0


def find_delimiter(file: io.TextIOWrapper) -> str:
    """What stands most often in the first line; Excel may name it there ("sep=;")."""
    line = file.readline()
    if line.lower().startswith("sep=") and len(line) > len("sep="):
        return line[len("sep=")]
    file.seek(0)
    unquoted = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count)


def to_row(number: int, cells: list[str]) -> SheetRow:
    texts = [cell.replace("\x00", "").strip() for cell in cells]
    marks = {place: Mark.FORMULA for place, text in enumerate(texts) if text.startswith("=")}
    return SheetRow(number, [_bare(text) for text in texts], marks)


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
