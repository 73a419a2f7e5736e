"""A platform of its own for a test: started as a person would, on free ports."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from admin_platform.embedded.ports import Port, any_free_port, web_is_ready

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# The tests' own; a platform must find its settings by itself.
OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}


def until(condition, seconds=SECONDS):
    """The condition's first true value; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError("This did not come about in time.")


def ended(processes):
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


class Platform:
    def __init__(self, directory, **environment):
        self.var = directory / "var"
        self.output = directory / "output"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "VAR_DIR": str(self.var),
            "HTTP_PORT": str(any_free_port()),
            "SMTP_PORT": str(any_free_port()),
            "SUBMISSION_PORT": str(any_free_port()),
            "NO_DEMO": "yes",
            **environment,
        }
        self.process = None

    def run(self, *arguments, timeout=SECONDS):
        """Run the command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "admin_platform.embedded", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def begin(self):
        self.output.unlink(missing_ok=True)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "admin_platform.embedded"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
            )

    def start(self):
        self.begin()
        until(lambda: "Ctrl-C" in self.printed or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    @property
    def printed(self):
        return self.output.read_text()

    @property
    def description(self):
        return json.loads((self.var / "demo.json").read_text())

    def family(self):
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def find(self, words):
        """The direct child whose command line has the words, None while there is none."""
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if words in " ".join(child.cmdline()):
                    return child
        return None

    def answers(self):
        return web_is_ready(Port("HTTP_PORT", "127.0.0.1", int(self.environment["HTTP_PORT"])))
