"""Real processes on the database of a test: they see what it has committed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def environment(var: Path) -> dict[str, str]:
    """Ours, with the database of the test at hand and a folder for state and queue."""
    for name in ("messages", "processed", "control"):
        (var / "queue" / name).mkdir(parents=True, exist_ok=True)
    s = connection.settings_dict
    user = f"{quote(s['USER'])}:{quote(s['PASSWORD'])}"
    url = f"postgresql://{user}@{s['HOST']}:{s['PORT']}/{s['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "VAR_DIR": str(var),
        "SECRET_KEY": os.environ.get("SECRET_KEY", "tests"),
        "DJANGO_SETTINGS_MODULE": "admin_platform.settings",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running(*arguments: str, var: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python ARGUMENTS` in a session of its own, killed in the end with all its children.

    What it says goes to a file: nobody reads a pipe while it runs, and a full one stops it.
    """
    with output_of(var).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment(var) | more,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def output_of(var: Path) -> Path:
    return var / "output.txt"


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("It did not come true in time.")
        time.sleep(0.02)
