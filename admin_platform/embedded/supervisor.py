"""`make run`: the database, web, worker, schedule and mail server as one thing."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from admin_platform.embedded.children import Child, ChildGivenUp
from admin_platform.embedded.config import BASE_DIR, Port, RunConfig
from admin_platform.embedded.files import write_private
from admin_platform.embedded.postgres import DatabaseStartFailed, EmbeddedPostgres

READY_TIMEOUT_SECONDS = 90
STOP_SECONDS = 20
WATCH_SECONDS = 0.25


class CannotRun(Exception):
    """Why the platform cannot run here, and what helps."""


class AlreadyRunning(Exception):
    """Another supervisor holds this state directory."""


def say(text: str) -> None:
    print(f"[platform] {text}", flush=True)


@dataclass
class Supervisor:
    config: RunConfig
    stop: threading.Event = field(default_factory=threading.Event)
    database: EmbeddedPostgres | None = None
    children: list[Child] = field(default_factory=list)
    _lock: IO[str] | None = None

    def run(self) -> None:
        """Run until told to stop. Raises CannotRun, AlreadyRunning."""
        self._take_lock()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        try:
            self._clear_leftovers()
            for port in self.config.ports:
                require_free(port)
            self._start_database()
            self._prepare()
            self._start_children()
            self._wait_until_ready()
            self._watch()
        except (ChildGivenUp, DatabaseStartFailed) as failure:
            raise CannotRun(str(failure)) from failure
        finally:
            self._stop_all()

    def _take_lock(self) -> None:
        self.config.var.mkdir(parents=True, exist_ok=True)
        self._lock = (self.config.var / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None

    def _clear_leftovers(self) -> None:
        """End what a supervisor that was killed has left running."""
        left = [process for entry in read_state(self.config.var) if (process := _alive(entry))]
        for process in left:
            say(f"Ending {process.pid}, left over from an earlier run.")
            process.terminate()
        for process in psutil.wait_procs(left, timeout=10)[1]:
            process.kill()

    def _start_database(self) -> None:
        if self.config.database_url:
            return
        say("Starting the database.")
        self.database = EmbeddedPostgres(
            self.config.var / "postgres", settings={"shared_buffers": "256MB"}
        )
        self.database.start()
        password = _kept_password(self.config.var / "postgres" / "platform_password")
        self.database.make_role_and_database("platform", password)
        url = self.database.url("platform", user="platform", password=password)
        write_private(self.config.var / "database_url", url)
        self._write_state()

    def _prepare(self) -> None:
        say("Bringing the database up to date.")
        command = [sys.executable, str(BASE_DIR / "manage.py"), "prepare"]
        if subprocess.run(command, cwd=BASE_DIR, check=False).returncode != 0:
            raise CannotRun("The database could not be brought up to date; see above.")

    def _start_children(self) -> None:
        logs, config = self.config.var / "log", self.config
        bin_dir = Path(sys.executable).parent
        celery = [str(bin_dir / "celery"), "-A", "admin_platform"]
        manage = [sys.executable, str(BASE_DIR / "manage.py")]
        commands = {
            "web": (
                [
                    str(bin_dir / "gunicorn"),
                    "admin_platform.wsgi",
                    f"--bind={config.http.host}:{config.http.number}",
                    "--worker-class=gthread",
                    "--workers=2",
                    "--threads=8",
                    "--timeout=60",
                    "--graceful-timeout=10",
                    f"--worker-tmp-dir={config.var}",
                    "--no-control-socket",
                ],
                "Listening at",
            ),
            "worker": (
                [
                    *celery,
                    "worker",
                    "--loglevel=info",
                    "--concurrency=2",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                ],
                " ready.",
            ),
            "schedule": ([*celery, "beat", "--loglevel=info", "--pidfile="], "beat: Starting"),
            "mail": ([*manage, "run_mail_server"], "submission on"),
        }
        say("Starting web, worker, schedule and mail server.")
        for name, (command, ready_line) in commands.items():
            child = Child(name, command, logs, say, ready_line)
            child.start()
            self.children.append(child)
        self._write_state()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while not self.stop.is_set():
            if all(child.ready.is_set() for child in self.children) and self._answers():
                self._announce()
                return
            self._watch_once()
            if time.monotonic() > deadline:
                waiting = [c.name for c in self.children if not c.ready.is_set()] or ["web"]
                raise CannotRun(
                    f"Not ready in time: {', '.join(waiting)}. See {self.config.var}/log."
                )
            self.stop.wait(WATCH_SECONDS)

    def _answers(self) -> bool:
        url = f"http://{self.config.http.host}:{self.config.http.number}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _announce(self) -> None:
        accounts = {}
        with suppress(FileNotFoundError):
            accounts = json.loads((self.config.var / "demo_accounts.json").read_text())
        description = {
            "base_url": self.config.base_url,
            "smtp": [self.config.smtp.host, self.config.smtp.number],
            "submission": [self.config.submission.host, self.config.submission.number],
            "accounts": accounts,
        }
        write_private(
            self.config.var / "demo.json", json.dumps(description, indent=2, ensure_ascii=False)
        )
        print(describe(description), flush=True)

    def _watch(self) -> None:
        while not self.stop.wait(WATCH_SECONDS):
            self._watch_once()

    def _watch_once(self) -> None:
        before = [child.process and child.process.pid for child in self.children]
        if self.database and self.database.process and self.database.process.poll() is not None:
            say("The database ended and is started again.")
            self.database.start()
        for child in self.children:
            child.watch()
        if before != [child.process and child.process.pid for child in self.children]:
            self._write_state()

    def _stop_all(self) -> None:
        if self.children or self.database:
            say("Stopping.")
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.reap(deadline)
        if self.database:
            self.database.stop()
        with suppress(OSError):
            (self.config.var / "demo.json").unlink(missing_ok=True)
            (self.config.var / "state.json").unlink(missing_ok=True)

    def _write_state(self) -> None:
        processes = [child.process for child in self.children if child.process]
        if self.database and self.database.process:
            processes.append(self.database.process)
        entries = [
            {"pid": pid, "started": psutil.Process(pid).create_time()}
            for pid in (os.getpid(), *(process.pid for process in processes))
            if psutil.pid_exists(pid)
        ]
        write_private(self.config.var / "state.json", json.dumps(entries))


def read_state(var: Path) -> list[dict[str, float]]:
    """The supervisor first, then its children; empty where nothing is known."""
    try:
        entries: list[dict[str, float]] = json.loads((var / "state.json").read_text())
    except (OSError, ValueError):
        return []
    return entries


def _alive(entry: dict[str, float]) -> psutil.Process | None:
    """The very process of an entry: a number may be in use again by another one."""
    try:
        process = psutil.Process(int(entry["pid"]))
        same = abs(process.create_time() - entry["started"]) < 1
    except psutil.Error:
        return None
    return process if same and process.pid != os.getpid() else None


def stop_running(var: Path) -> bool:
    """Tell a running supervisor to stop and wait for it; False when there is none."""
    entries = read_state(var)
    process = _alive(entries[0]) if entries else None
    if process is None:
        return False
    process.terminate()
    process.wait(STOP_SECONDS + 15)
    return True


def require_free(port: Port) -> None:
    """Raises CannotRun for a port that somebody else listens on."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else str(error.strerror)
            raise CannotRun(
                f"Port {port.number} on {port.host} {reason}. "
                f"Choose another: make run {port.variable}={port.number + 1000}"
            ) from None


def _kept_password(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text()


def describe(description: Mapping[str, Any]) -> str:
    """What `make run` prints for a person."""
    lines = ["", f"  Console      {description['base_url']}/admin.jsp"]
    lines.append(f"  Webmail      {description['base_url']}/login/")
    for name in ("smtp", "submission"):
        host, port = description[name]
        lines.append(f"  {name.capitalize():12} {host}:{port}")
    for role, account in description["accounts"].items():
        label = role.replace("_", " ")
        lines.append(f"  {label:26} {account['address']}   {account['password']}")
    lines += ["", "  Ctrl-C stops everything.", ""]
    return "\n".join(lines)
