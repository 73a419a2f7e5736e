"""What the programs print: kept in a file that stays small."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

LOG_BYTES = 5 * 1024 * 1024
LOG_FILES = 3


class LogFile(RotatingFileHandler):
    """Says once that it cannot be written (a full disk), instead of a traceback a line."""

    told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if not LogFile.told:
            LogFile.told = True
            reason = sys.exc_info()[1]
            print(f"[platform] {self.baseFilename} cannot be written: {reason}", flush=True)


def keep_output(
    stream: IO[bytes], path: Path, on_line: Callable[[str], None] | None = None
) -> threading.Thread:
    """Copy lines into the file until the stream ends; `on_line` is told each of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    log = LogFile(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)

    def copy() -> None:
        with stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip()
                log.handle(logging.LogRecord(path.stem, logging.INFO, "", 0, line, None, None))
                if on_line is not None:
                    on_line(line)
        # Closing writes what a full disk did not take.
        with suppress(OSError):
            log.close()

    thread = threading.Thread(target=copy, daemon=True, name=f"log of {path.stem}")
    thread.start()
    return thread
