"""The supervisor for real: started, hurt, and stopped, in a state directory of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=SECONDS):
    """The condition's first true value; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError("This did not come about in time.")


class Platform:
    def __init__(self, var):
        self.var = var
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
        } | {
            "VAR_DIR": str(var),
            "HTTP_PORT": str(free_port()),
            "SMTP_PORT": str(free_port()),
            "SUBMISSION_PORT": str(free_port()),
            "NO_DEMO": "yes",
        }
        self.process = None

    def command(self, *arguments, **options):
        return subprocess.run(
            [sys.executable, "-m", "admin_platform.embedded", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            **options,
        )

    def start(self):
        with (self.var.parent / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "admin_platform.embedded"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until(lambda: (self.var / "demo.json").exists() or self.process.poll() is not None)
        assert self.process.poll() is None, (self.var.parent / "out.log").read_text()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    @property
    def description(self):
        return json.loads((self.var / "demo.json").read_text())

    def family(self):
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(True)]

    def answers(self):
        url = self.description["base_url"].replace("localhost", "127.0.0.1") + "/readyz"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
        return False


@pytest.fixture
def platform(tmp_path):
    made = Platform(tmp_path / "var")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


def gone(processes):
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


def test_everything_answers_and_stops_without_leaving_a_process(platform):
    platform.start()
    family = platform.family()
    host, port = platform.description["smtp"]

    assert platform.answers()
    with socket.create_connection((host, port), timeout=5) as session:
        assert session.recv(4) == b"220 "
    assert len(family) > 5

    assert platform.stop() == 0
    until(lambda: gone(family), 10)


def test_a_second_start_says_that_it_runs_and_where(platform):
    platform.start()

    again = platform.command()

    assert again.returncode == 0
    assert "Already running" in again.stdout
    assert platform.description["base_url"] in again.stdout


def test_a_killed_child_comes_back(platform):
    platform.start()
    web = next(p for p in platform.family() if "gunicorn" in " ".join(p.cmdline()))

    web.kill()
    until(lambda: not web.is_running() or web.status() == psutil.STATUS_ZOMBIE)

    assert until(platform.answers)


def test_after_the_supervisor_is_killed_nothing_is_left_and_it_starts_again(platform):
    platform.start()
    family = platform.family()

    platform.process.kill()
    platform.process.wait()
    until(lambda: gone(family), 30)
    (platform.var / "demo.json").unlink()
    platform.start()

    assert platform.answers()


def test_stop_ends_a_running_platform(platform):
    platform.start()

    platform.command("stop")

    assert platform.process.wait(SECONDS) == 0


def test_a_taken_port_is_named_with_the_setting_that_changes_it(platform):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        platform.environment["SMTP_PORT"] = str(taken.getsockname()[1])

        result = platform.command()

    assert result.returncode == 1
    assert f"Port {platform.environment['SMTP_PORT']}" in result.stdout
    assert "make run SMTP_PORT=" in result.stdout


def test_a_state_directory_that_cannot_be_written_is_named(platform):
    platform.var.parent.joinpath("var").write_text("a file, not a directory")

    result = platform.command()

    assert result.returncode == 1
    assert str(platform.var) in result.stdout


def test_a_full_disk_is_told_in_words(platform):
    platform.environment["VAR_DIR"] = "/dev/full/var"

    result = platform.command()

    assert result.returncode == 1
    assert "State cannot be written" in result.stdout
