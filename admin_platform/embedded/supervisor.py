"""`make run`: the database, web, worker, schedule and mail server as one thing."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from admin_platform.embedded import state
from admin_platform.embedded.announcement import announce, withdraw
from admin_platform.embedded.children import Child
from admin_platform.embedded.config import BASE_DIR, RunConfig
from admin_platform.embedded.files import write_private
from admin_platform.embedded.launch import launched
from admin_platform.embedded.ports import PortRefused, require_free, smtp_greets, web_is_ready
from admin_platform.embedded.postgres import DatabaseStartFailed, EmbeddedPostgres
from admin_platform.embedded.programs import manage, programs
from admin_platform.embedded.restarts import GivenUp, Restarts

READY_SECONDS = 90
STOP_SECONDS = 20
WATCH_SECONDS = 0.25


class CannotRun(Exception):
    """Why the platform cannot run here, and what helps."""


def say(text: str) -> None:
    print(f"[platform] {text}", flush=True)


@dataclass
class Supervisor:
    config: RunConfig
    stop: threading.Event = field(default_factory=threading.Event)
    database: EmbeddedPostgres | None = None
    children: list[Child] = field(default_factory=list)

    def run(self) -> None:
        """Run until told to stop. Raises CannotRun, state.AlreadyRunning."""
        with state.hold(self.config.var):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: self.stop.set())
            try:
                self._run()
            except (GivenUp, DatabaseStartFailed, PortRefused) as failure:
                raise CannotRun(str(failure)) from failure
            finally:
                self._stop_all()

    def _run(self) -> None:
        for step in (
            self._clear_up,
            self._start_database,
            self._prepare,
            self._start_children,
            self._wait_until_ready,
            self._watch,
        ):
            if self.stop.is_set():
                return
            step()

    def _clear_up(self) -> None:
        withdraw(self.config.var)
        for pid in state.end_leftovers(self.config.var):
            say(f"Ended process {pid}, left over from an earlier run.")
        require_free(self.config.ports)

    def _start_database(self) -> None:
        if self.config.database_url:
            return
        say("Starting the database.")
        self.database = EmbeddedPostgres(
            self.config.var / "postgres", settings={"shared_buffers": "256MB"}
        )
        self._database_restarts = Restarts("The database", self.database.log)
        self.database.start()
        self._write_state()
        password = state.kept_password(self.config.var / "postgres" / "platform_password")
        self.database.make_role_and_database("platform", password)
        url = self.database.url("platform", user="platform", password=password)
        write_private(self.config.var / "database_url", url)

    def _prepare(self) -> None:
        say("Bringing the database up to date.")
        command = launched(manage("prepare"), ended_by=signal.SIGTERM)
        # Its own session: Ctrl-C in the terminal is for the supervisor alone.
        process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True)
        while process.poll() is None:
            if self.stop.wait(WATCH_SECONDS):
                process.terminate()
                process.wait()
                return
        if process.returncode != 0:
            raise CannotRun("The database could not be brought up to date; see above.")

    def _start_children(self) -> None:
        say("Starting web, worker, schedule and mail server.")
        logs = self.config.var / "log"
        for name, (command, ready_line) in programs(self.config).items():
            child = Child(name, command, ready_line, logs, say)
            child.start()
            self.children.append(child)
        self._write_state()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while waiting := list(self._not_ready()):
            self._watch_once()
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"Not ready in {READY_SECONDS} seconds: {', '.join(waiting)}. "
                    f"See {self.config.var}/log."
                )
            if self.stop.wait(WATCH_SECONDS):
                return
        print(announce(self.config), flush=True)

    def _not_ready(self) -> Iterator[str]:
        """Names of what does not answer yet; nobody is asked before its program says so."""
        silent = [child.name for child in self.children if not child.ready.is_set()]
        yield from silent
        if silent:
            return
        if not web_is_ready(self.config.http):
            yield "web"
        for port in (self.config.smtp, self.config.submission):
            if not smtp_greets(port):
                yield f"mail (port {port.number})"

    def _watch(self) -> None:
        while not self.stop.wait(WATCH_SECONDS):
            self._watch_once()

    def _watch_once(self) -> None:
        before = self._pids()
        self._watch_database()
        for child in self.children:
            child.watch()
        if before != self._pids():
            self._write_state()

    def _watch_database(self) -> None:
        database = self.database
        if database is None or database.process is None or database.process.poll() is None:
            return
        say("The database ended and is started again.")
        if not self.stop.wait(self._database_restarts.pause_after_death()):
            database.start()

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
            withdraw(self.config.var)
            (self.config.var / state.STATE).unlink(missing_ok=True)

    def _pids(self) -> list[int]:
        processes = [child.process for child in self.children]
        if self.database:
            processes.append(self.database.process)
        return [process.pid for process in processes if process is not None]

    def _write_state(self) -> None:
        state.write_state(self.config.var, self._pids())
