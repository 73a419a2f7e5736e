"""One child process of the supervisor: started, watched, restarted, its output kept."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

from admin_platform.embedded.config import BASE_DIR

LOG_BYTES = 5 * 1024 * 1024
LOG_FILES = 3
# A child that dies this often within the window is given up.
DEATHS_ALLOWED = 5
DEATH_WINDOW_SECONDS = 120
LONGEST_PAUSE_SECONDS = 30
# So many lines of a child that died are shown.
LAST_WORDS = 12


class ChildGivenUp(Exception):
    """A child died again and again; the text says which and where its log is."""


@dataclass
class Child:
    """`ready` is set when a line of output contains `ready_line` (at once without one)."""

    name: str
    command: Sequence[str]
    log_dir: Path
    say: Callable[[str], None]
    ready_line: str = ""
    process: subprocess.Popen[bytes] | None = None
    ready: threading.Event = field(default_factory=threading.Event)
    _deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))
    _next_start: float = 0.0
    _last_words: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_WORDS))

    def start(self) -> None:
        launch = [sys.executable, "-m", "admin_platform.embedded.launch", str(int(signal.SIGTERM))]
        self.process = subprocess.Popen(
            [*launch, "-", *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=BASE_DIR,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            # Its own session: Ctrl-C in the terminal is for the supervisor alone.
            start_new_session=True,
        )
        if not self.ready_line:
            self.ready.set()
        threading.Thread(target=self._forward, args=(self.process,), daemon=True).start()

    def watch(self) -> None:
        """Start a child again that has died, after a pause that grows. Raises ChildGivenUp."""
        if self.process is not None and self.process.poll() is not None:
            self._mourn(self.process.returncode)
        if self.process is None and time.monotonic() >= self._next_start:
            self.start()

    def terminate(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def reap(self, deadline: float) -> None:
        """Wait for the end until the deadline (monotonic), then kill all of its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"{self.name} did not end in time and is killed.")
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _mourn(self, code: int) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        recent = [death for death in self._deaths if now - death < DEATH_WINDOW_SECONDS]
        if len(recent) >= DEATHS_ALLOWED:
            raise ChildGivenUp(
                f"{self.name} has ended {len(recent)} times in a short while; "
                f"see {self.log_dir / self.name}.log"
            )
        pause = min(2 ** (len(recent) - 1), LONGEST_PAUSE_SECONDS) - 1
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self.say(f"{self.name} ended ({how}) and is started again.")
        if code > 0:
            self.say("\n".join(["Its last words:", *self._last_words]))
        self.process, self._next_start = None, now + pause

    def _forward(self, process: subprocess.Popen[bytes]) -> None:
        log = _log_file(self.log_dir / f"{self.name}.log")
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace").rstrip()
            log.handle(logging.LogRecord(self.name, logging.INFO, "", 0, line, None, None))
            if self.ready_line and self.ready_line in line:
                self.ready.set()
            self._last_words.append(line)
        log.close()


class _FullDiskHandler(RotatingFileHandler):
    """Says once that the disk is full, instead of a traceback a line."""

    told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if not _FullDiskHandler.told:
            _FullDiskHandler.told = True
            reason = sys.exc_info()[1]
            print(f"Logs cannot be written below {self.baseFilename}: {reason}", flush=True)


def _log_file(path: Path) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True)
    return _FullDiskHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
