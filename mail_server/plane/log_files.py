"""Following a log file that is rotated: renamed, and begun anew."""

from __future__ import annotations

import os
import time
from pathlib import Path

# After the name of the file has changed Postfix still writes to it for a moment (its
# `logrotate` counts on one second).
SETTLED_SECONDS = 2


def current_inode(path: Path) -> int | None:
    """Which file is written to now; None while there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def oldest_inode(path: Path) -> int | None:
    """Where to begin; None while there is no log."""
    return next((found for file in _files(path) if (found := current_inode(file))), None)


def find(path: Path, inode: int) -> Path | None:
    """The file, whatever it is called by now; None if it is gone."""
    return next((file for file in _files(path) if current_inode(file) == inode), None)


def successor(path: Path, file: Path) -> int | None:
    """Which file was begun after this one; None while this one may still be written to."""
    if time.time() - file.stat().st_mtime < SETTLED_SECONDS:
        return None
    files = _files(path)
    later = files[files.index(file) + 1 :] if file in files else [path]
    return next((found for file in later if (found := current_inode(file))), None)


def _files(path: Path) -> list[Path]:
    """The oldest first: names of rotated ones end in their date (postfix logrotate)."""
    return [*sorted(path.parent.glob(f"{path.name}.*")), path]


def read_lines(file: Path, offset: int, limit: int) -> tuple[list[str], int]:
    """Whole lines from the offset on, some `limit` bytes, and the offset behind them.

    A file that has become shorter was emptied: it is read from its beginning.
    """
    with file.open("rb") as log:
        if os.fstat(log.fileno()).st_size < offset:
            offset = 0
        log.seek(offset)
        data = log.read(limit)
        if not data.endswith(b"\n"):
            data = data[: data.rfind(b"\n") + 1] or _rest_of_line(data, log.readline())
    lines = data.decode("utf-8", "replace").split("\n")[:-1]
    return lines, offset + len(data)


def _rest_of_line(begin: bytes, rest: bytes) -> bytes:
    """A line longer than all that is read at once; nothing while it is being written."""
    return begin + rest if rest.endswith(b"\n") else b""
