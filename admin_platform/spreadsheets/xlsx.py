"""Reading an xlsx workbook through a process that may die of it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

from admin_platform.spreadsheets.errors import (
    Broken,
    EmptyTable,
    OldOrLocked,
    SpreadsheetRefused,
    TooFarApart,
    TooManyColumns,
    TooManyRows,
    Unreadable,
)
from admin_platform.spreadsheets.rows import HEAD_ROWS, Mark, SheetRow

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
# 100,000 rows of 20 columns take 300 MB and 6 seconds.
MEMORY_BYTES = 1536 * 1024**2
CPU_SECONDS = 60
# The reader waits for us at times, but not for ever.
WALL_SECONDS = 600
# calamine holds every cell of the rectangle around the table.
MAX_AREA = 8_000_000


def read_xlsx(path: Path, *, max_rows: int, max_columns: int) -> Generator[SheetRow]:
    """The rows of the first visible worksheet that are not empty.

    Raises SpreadsheetRefused, before the first row or, should the process die, between two.
    """
    limits = {
        "rows": max_rows + HEAD_ROWS,
        "columns": max_columns,
        "area": MAX_AREA,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
    }
    process = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), str(path), json.dumps(limits)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        text=True,
        encoding="ascii",
    )
    watch = Timer(WALL_SECONDS, process.kill)
    watch.start()
    try:
        yield from _rows(process, limits)
    finally:
        watch.cancel()
        process.kill()
        process.communicate()


def _rows(process: subprocess.Popen[str], limits: dict[str, int]) -> Iterator[SheetRow]:
    for message in _messages(process.stdout or ()):
        if isinstance(message, list):
            for number, cells, marks in message:
                yield SheetRow(number, cells, {int(c): Mark(m) for c, m in marks.items()})
        elif "error" in message:
            raise _refusal(message, limits)
        elif "end" in message:
            return
    _out, problem = process.communicate()
    logger.warning("Reading a workbook ended with %s: %s", process.returncode, problem[-2000:])
    raise Unreadable


def _messages(lines: Iterable[str]) -> Iterator[Any]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # cut off in the midst
            return


def _refusal(message: dict[str, Any], limits: dict[str, int]) -> SpreadsheetRefused:
    match message["error"]:
        case "rows":
            return TooManyRows(limits["rows"] - HEAD_ROWS, message["found"])
        case "columns":
            return TooManyColumns(limits["columns"], message["found"])
        case "far":
            return TooFarApart(message["row"])
        case "password":
            return OldOrLocked()
        case "empty":
            return EmptyTable()
    return Broken()
