"""Reads the first visible worksheet of an xlsx file; run by its path, in a process of its own.

calamine allocates for every cell between the outermost ones and aborts the process when
memory runs out, so whatever a file may do, it does it here. Nothing of ours is imported.

usage: child.py FILE LIMITS, where LIMITS is a JSON object with the keys of `Limits`.
Writes lines of JSON: lists of rows ([number, cells, marks]), then {"end": number of rows},
or {"error": code, …} instead.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.etree import ElementTree

ROWS_PER_LINE = 500
READ_SIZE = 1 << 20
# Excel keeps 15 digits of a number; of a longer one the last are lost.
EXACT_NUMBER = 10**15
FORMULA, MERGED, ERROR, IMPRECISE = "formula", "merged", "error", "imprecise"

# A cell with content (not closed at once), its column, row, attributes, and a formula in it.
CELL = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(\s*<(?:\w+:)?f\b)?'
)
STYLE = re.compile(rb'\bs="([0-9]+)"')
ZEROS = re.compile(r"0{2,}")
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

MAIN_RELATION = "/officeDocument"
UNREADABLE = (zipfile.BadZipFile, ElementTree.ParseError, NotImplementedError, EOFError)

Marks = dict[int, str]


def tell(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")


def refuse(code: str, **values: object) -> NoReturn:
    tell({"error": code, **values})
    sys.stdout.flush()
    sys.exit(0)


def limit_resources(limits: dict[str, int]) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS does not know all of them
            continue


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


class Workbook:
    """The parts of an xlsx file that calamine does not tell of."""

    def __init__(self, path: str) -> None:
        self.archive = zipfile.ZipFile(path)
        root = self._xml("_rels/.rels") or ElementTree.Element("none")
        targets = [
            r.get("Target", "") for r in root if r.get("Type", "").endswith("/officeDocument")
        ]
        self.main = (targets or ["xl/workbook.xml"])[0].lstrip("/")
        self.folder, _slash, name = self.main.rpartition("/")
        relations = self._xml(f"{self.folder}/_rels/{name}.rels")
        self.relations = {r.get("Id", ""): r for r in relations} if relations is not None else {}

    def _xml(self, name: str) -> ElementTree.Element | None:
        try:
            with self.archive.open(name.lstrip("/")) as file:
                return ElementTree.parse(file).getroot()  # noqa: S314  this process may fail
        except KeyError:
            return None

    def sheet_part(self, sheet: str) -> str:
        """The name inside the archive of a worksheet; empty when it cannot be found."""
        main = self._xml(self.main)
        for element in main.iter() if main is not None else ():
            if local(element) == "sheet" and element.get("name") == sheet:
                relation = self.relations.get(element.get(f"{OFFICE}id", ""))
                return self._resolve(relation.get("Target", "")) if relation is not None else ""
        return ""

    def _resolve(self, target: str) -> str:
        return target.lstrip("/") if target.startswith("/") else f"{self.folder}/{target}"

    def zero_widths(self) -> dict[int, int]:
        """Cell styles whose format fills up with zeros ("00000"), with the width."""
        styles = self._xml(f"{self.folder}/styles.xml")
        if styles is None:
            return {}
        codes = {
            e.get("numFmtId"): e.get("formatCode", "").partition(";")[0].replace('"', "")
            for e in styles.iter()
            if local(e) == "numFmt"
        }
        formats = next((e for e in styles if local(e) == "cellXfs"), ())
        return {
            place: len(code)
            for place, style in enumerate(formats)
            if ZEROS.fullmatch(code := codes.get(style.get("numFmtId"), ""))
        }


def column_number(letters: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class Scan:
    """One look at a worksheet's XML: its extent, and cells that need a word."""

    def __init__(self, zero_widths: dict[int, int]) -> None:
        self.zero_widths = zero_widths
        self.marks: dict[int, Marks] = {}
        self.padded: dict[tuple[int, int], int] = {}
        self.columns: set[bytes] = set()
        self.rows = 0
        self.first_row = self.last_row = -1

    def read(self, chunks: Iterator[bytes]) -> None:
        rest = b""
        for chunk in chunks:
            text = rest + chunk
            # Before an end tag, every cell is there with its formula.
            cut = max(text.rfind(b"</"), 0)
            self._cells(text[:cut])
            rest = text[cut:]
        self._cells(rest)

    def _cells(self, text: bytes) -> None:
        for column, row, attributes, formula in CELL.findall(text):
            if attributes.endswith(b"/"):
                continue
            number = int(row) - 1
            if number != self.last_row:
                self.rows += 1
                self.last_row = max(number, self.last_row)
                if self.first_row < 0:
                    self.first_row = number
            self.columns.add(column)
            if formula:
                self._mark(number, column, FORMULA)
            elif b't="e"' in attributes:
                self._mark(number, column, ERROR)
            elif self.zero_widths and (style := STYLE.search(attributes)):
                width = self.zero_widths.get(int(style[1]))
                if width:
                    self.padded[number, column_number(column)] = width

    def _mark(self, row: int, column: bytes, mark: str) -> None:
        self.marks.setdefault(row, {})[column_number(column)] = mark

    def check(self, limits: dict[str, int]) -> None:
        if self.rows > limits["rows"]:
            refuse("rows", found=self.rows)
        places = [column_number(column) for column in self.columns] or [0]
        width, height = max(places) - min(places) + 1, self.last_row - self.first_row + 1
        if width > limits["columns"]:
            refuse("columns", found=width)
        if width * height > limits["area"]:
            refuse("far", row=self.last_row + 1)


def chunks_of(file: Any) -> Iterator[bytes]:
    while chunk := file.read(READ_SIZE):
        yield chunk


def scan_sheet(book: Workbook, sheet: str, limits: dict[str, int]) -> Scan:
    scan = Scan(book.zero_widths())
    part = book.sheet_part(sheet)
    if part in book.archive.NameToInfo:
        with book.archive.open(part) as file:
            scan.read(chunks_of(file))
    scan.check(limits)
    return scan


def cell_text(value: object) -> tuple[str, str]:
    """The value as one would have typed it, and a mark."""
    if isinstance(value, str):
        text = value if value.isascii() else value.encode(errors="replace").decode()
        return text.replace("\x00", "").replace("\r\n", "\n").strip(), ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, float | int):
        mark = IMPRECISE if abs(value) >= EXACT_NUMBER else ""
        return (str(int(value)) if value == int(value) else f"{value:.15g}"), mark
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return (value.date().isoformat() if midnight else value.isoformat(" ", "seconds")), ""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat(), ""
    return str(value), ""


class Merges:
    """Which cells of a row are hidden behind a merged one; rows are asked for in order."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.coming = sorted(ranges, reverse=True)
        self.active: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def covered(self, row: int, columns: range) -> Iterator[int]:
        while self.coming and self.coming[-1][0][0] <= row:
            self.active.append(self.coming.pop())
        self.active = [merge for merge in self.active if merge[1][0] >= row]
        for (top, left), (_bottom, right) in self.active:
            for column in range(max(left, columns.start), min(right + 1, columns.stop)):
                if (row, column) != (top, left):
                    yield column


def read_rows(sheet: Any, scan: Scan) -> Iterator[list[object]]:
    """[number from 1, cells from column A, marks] of every row that is not empty."""
    first = sheet.start[1]
    columns = range(first, sheet.end[1] + 1)
    merges = Merges(sheet.merged_cell_ranges or [])
    for number, values in enumerate(sheet.iter_rows()):
        cells = [""] * first
        marks = scan.marks.get(number, {})
        for column, value in enumerate(values, first):
            text, mark = cell_text(value) if value != "" else ("", "")
            if mark:
                marks.setdefault(column, mark)
            if width := scan.padded.get((number, column)) if scan.padded else None:
                text = text.zfill(width) if text.isdigit() else text
            cells.append(text)
        for column in merges.covered(number, columns):
            marks.setdefault(column, MERGED)
        if any(cells) or marks:
            yield [number + 1, cells, marks]


def read(path: str, limits: dict[str, int]) -> None:
    from python_calamine import (
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    try:
        workbook = load_workbook(path)
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        if not visible:
            refuse("empty")
        scan = scan_sheet(Workbook(path), visible[0], limits)
        sheet = workbook.get_sheet_by_name(visible[0])
    except PasswordError:
        refuse("password")
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        NotImplementedError,
    ) as error:
        refuse("broken", detail=str(error))
    send(read_rows(sheet, scan) if sheet.start else iter(()))


def send(rows: Iterator[list[object]]) -> None:
    total, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_PER_LINE:
            tell(batch)
            total, batch = total + len(batch), []
    tell(batch)
    tell({"end": total + len(batch)})


if __name__ == "__main__":
    limits = json.loads(sys.argv[2])
    limit_resources(limits)
    read(sys.argv[1], limits)
