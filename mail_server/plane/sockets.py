"""Listening sockets that outlive the program, by systemd's convention (sd_listen_fds(3)).

A program that starts itself anew hands them on: who connects meanwhile waits for the new
one, and nobody is refused.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Sequence
from functools import cache
from typing import NoReturn

FIRST = 3


def listening_socket(host: str, port: int) -> socket.socket:
    """The one that was handed on for this port, or a new one; a port of 0 takes a free one.

    Raises OSError for a port that is taken.
    """
    if (handed_on := _handed_on().pop(port, None)) is not None:
        return handed_on
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


@cache
def _handed_on() -> dict[int, socket.socket]:
    """By port."""
    if os.environ.pop("LISTEN_PID", "") != str(os.getpid()):
        return {}
    numbers = range(FIRST, FIRST + int(os.environ.pop("LISTEN_FDS")))
    sockets = [socket.socket(fileno=number) for number in numbers]
    return {sock.getsockname()[1]: sock for sock in sockets}


def start_anew(sockets: Sequence[socket.socket]) -> NoReturn:
    """Run the same command in this process, as it is on disk now, with these sockets."""
    # Ignored until the new program listens for it: by default it ends a program.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    beyond = FIRST + len(sockets)
    copies = [fcntl.fcntl(sock, fcntl.F_DUPFD_CLOEXEC, beyond) for sock in sockets]
    for number, copy in enumerate(copies, FIRST):
        os.dup2(copy, number)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(copies)))
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
