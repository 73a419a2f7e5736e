"""The ports that the platform listens on: which are free, and what answers there."""

from __future__ import annotations

import errno
import http.client
import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

PROBE_SECONDS = 5
# Listening on all addresses is reached at the loopback.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1"}  # noqa: S104


class PortRefused(Exception):
    """A port cannot be listened on; the text names it and the setting that changes it."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port to listen on (IPv4), and the variable that changes it."""

    variable: str
    host: str
    number: int

    @property
    def reached_at(self) -> tuple[str, int]:
        return LOOPBACK.get(self.host, self.host), self.number


def require_free(ports: Sequence[Port]) -> None:
    """Raises PortRefused for a port that somebody else listens on, or that is named twice."""
    number, times = Counter(port.number for port in ports).most_common(1)[0]
    if times > 1:
        named = " and ".join(port.variable for port in ports if port.number == number)
        raise PortRefused(f"{named} are all {number}. Each must be a port of its own.")
    for port in ports:
        if problem := bind_error(port.host, port.number):
            raise PortRefused(_refusal(port, problem))


def _refusal(port: Port, problem: OSError) -> str:
    if isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL:
        host = "HTTP_HOST" if port.variable == "HTTP_PORT" else "SMTP_HOST"
        return f"{port.host!r} is no address of this machine. Change {host}."
    reason = "is taken" if problem.errno == errno.EADDRINUSE else f"is refused: {problem.strerror}"
    free = next(n for n in _candidates(port.number) if not bind_error(port.host, n))
    return (
        f"Port {port.number} on {port.host} {reason}. "
        f"Choose another: make run {port.variable}={free}"
    )


def _candidates(number: int) -> Sequence[int]:
    """Ports to propose instead: the next ones that need no right of root, else any (0)."""
    return [*range(max(number + 1, 1024), 65536), 0]


def bind_error(host: str, number: int) -> OSError | None:
    """What stands against listening there; None when nothing does."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            return error
    return None


def any_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_is_ready(port: Port) -> bool:
    """Whether /readyz says that the database answers and is migrated. Asks past any proxy."""
    with closing(http.client.HTTPConnection(*port.reached_at, timeout=PROBE_SECONDS)) as session:
        try:
            session.request("GET", "/readyz")
            return session.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def smtp_greets(port: Port) -> bool:
    try:
        with socket.create_connection(port.reached_at, timeout=PROBE_SECONDS) as session:
            return session.recv(4) == b"220 "
    except OSError:
        return False
