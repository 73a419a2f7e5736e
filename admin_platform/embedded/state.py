"""The files of a running platform: who holds the directory, and which processes are ours."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from admin_platform.embedded.files import write_private

STATE = "state.json"
# Longer than a supervisor takes to stop everything.
STOP_SECONDS = 40
END_SECONDS = 10


class AlreadyRunning(Exception):
    """Another supervisor holds this state directory."""


def hold(var: Path) -> IO[str]:
    """Take the directory for as long as the file stays open. Raises AlreadyRunning."""
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning from None
    return lock


def kept_password(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text()


def write_state(var: Path, pids: Iterable[int]) -> None:
    """Keep the supervisor and its children; a number alone may be somebody else's later."""
    entries = []
    for pid in (os.getpid(), *pids):
        with suppress(psutil.NoSuchProcess):
            entries.append({"pid": pid, "started": psutil.Process(pid).create_time()})
    write_private(var / STATE, json.dumps(entries))


def read_state(var: Path) -> list[psutil.Process | None]:
    """The supervisor first, then its children, None for those that are gone."""
    try:
        entries = json.loads((var / STATE).read_text())
    except (OSError, ValueError):
        return []
    return [_alive(int(entry["pid"]), float(entry["started"])) for entry in entries]


def _alive(pid: int, started: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < 1
    except psutil.Error:
        return None
    return process if same and pid != os.getpid() else None


def end_leftovers(var: Path) -> list[int]:
    """End what a supervisor that was killed has left running; which processes these were."""
    left = [process for process in read_state(var) if process is not None]
    family = {*left}
    for process in left:
        with suppress(psutil.NoSuchProcess):
            family.update(process.children(recursive=True))
            process.terminate()
    for process in psutil.wait_procs(list(family), timeout=END_SECONDS)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return [process.pid for process in left]


def stop_running(var: Path) -> None:
    """Tell a running supervisor to stop and wait for it; end what a killed one has left."""
    supervisor = next(iter(read_state(var)), None)
    if supervisor is not None:
        with suppress(psutil.NoSuchProcess):
            supervisor.terminate()
        if not _released(var):
            supervisor.kill()
    end_leftovers(var)


def _released(var: Path) -> bool:
    """Whether the directory becomes free in time; its holder may stay for long as a zombie."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        with suppress(AlreadyRunning), hold(var):
            return True
        time.sleep(0.1)
    return False
