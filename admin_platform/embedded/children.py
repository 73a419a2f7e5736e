"""One child process of the supervisor: started, watched, restarted, its output kept."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from admin_platform.embedded.config import BASE_DIR
from admin_platform.embedded.launch import launched
from admin_platform.embedded.logs import keep_output
from admin_platform.embedded.restarts import Restarts

# So many lines of a child that failed are shown.
LAST_WORDS = 12


@dataclass
class Child:
    """`ready` is set when a line of output contains `ready_line`."""

    name: str
    command: Sequence[str]
    ready_line: str
    log_dir: Path
    say: Callable[[str], None]
    process: subprocess.Popen[bytes] | None = None
    ready: threading.Event = field(default_factory=threading.Event)
    _next_start: float = 0.0
    _last_words: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_WORDS))

    def __post_init__(self) -> None:
        self.log = self.log_dir / f"{self.name}.log"
        self._restarts = Restarts(self.name, self.log)

    def start(self) -> None:
        self.process = subprocess.Popen(
            launched(self.command, ended_by=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=BASE_DIR,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            # Its own session: Ctrl-C in the terminal is for the supervisor alone.
            start_new_session=True,
        )
        if self.process.stdout is not None:
            self._output = keep_output(self.process.stdout, self.log, self._hear)

    def watch(self) -> None:
        """Start a child again that has died, after a pause that grows. Raises GivenUp."""
        if self.process is not None and self.process.poll() is not None:
            self._mourn(self.process)
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
        self._kill_session(self.process)
        self.process = None

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        # Its own children still hold its port and its work.
        self._kill_session(process)
        self._output.join(timeout=1)
        code = process.returncode
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self.say(f"{self.name} ended ({how}) and is started again.")
        if code > 0:
            self.say("\n".join(["Its last words:", *self._last_words]))
        self._next_start = time.monotonic() + self._restarts.pause_after_death()
        self.process = None

    @staticmethod
    def _kill_session(process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _hear(self, line: str) -> None:
        if self.ready_line in line:
            self.ready.set()
        self._last_words.append(line)
