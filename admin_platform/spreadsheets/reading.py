"""Reading an uploaded table, whatever it is, row by row."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from admin_platform.spreadsheets.kinds import Kind, kind_of
from admin_platform.spreadsheets.rows import SheetRow
from admin_platform.spreadsheets.text import read_csv
from admin_platform.spreadsheets.xlsx import read_xlsx

MAX_ROWS = 100_000
MAX_COLUMNS = 200


@contextmanager
def open_rows(
    file: IO[bytes], *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS
) -> Iterator[Generator[SheetRow]]:
    """The rows of an xlsx or CSV file that are not empty, headings among them.

    file: an upload or a stored file. Opening it as well as taking a row may raise
    SpreadsheetRefused; leaving early ends the process that reads.
    """
    with tempfile.NamedTemporaryFile(prefix="table-") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        path = Path(copy.name)
        read = read_xlsx if kind_of(path) == Kind.XLSX else read_csv
        with closing(read(path, max_rows=max_rows, max_columns=max_columns)) as rows:
            yield rows
