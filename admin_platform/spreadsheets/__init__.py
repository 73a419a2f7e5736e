"""Tables that people upload and download: xlsx and CSV, read as if they meant harm."""

from admin_platform.spreadsheets.columns import (
    Column,
    Headings,
    Values,
    find_headings,
    read_values,
)
from admin_platform.spreadsheets.errors import SpreadsheetRefused
from admin_platform.spreadsheets.reading import MAX_ROWS, open_rows
from admin_platform.spreadsheets.rows import Mark, SheetRow, in_chunks
from admin_platform.spreadsheets.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    csv_lines,
    neutralise,
    write_template,
)

__all__ = [
    "CSV_TYPE",
    "MAX_ROWS",
    "XLSX_TYPE",
    "Column",
    "Headings",
    "Mark",
    "SheetRow",
    "SpreadsheetRefused",
    "Values",
    "csv_lines",
    "find_headings",
    "in_chunks",
    "neutralise",
    "open_rows",
    "read_values",
    "write_template",
]
