"""Postfix's lookup in rewritten senders, by its tcp_table protocol.

An address is answered by what it is rewritten to; "undo:" before it, by what it was.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from socket import socket
from urllib.parse import quote, unquote

from mail_server import srs
from mail_server.plane.sockets import listening_socket

logger = logging.getLogger(__name__)

UNDO = "undo:"
NOT_FOUND = b"500 not found\n"
# What Postfix reads of an answer.
MAX_BYTES = 4096


def answer(line: bytes) -> bytes:
    """Raises nothing, whatever the line is."""
    verb, _, key = line.decode("ascii", "replace").strip().partition(" ")
    if verb != "get":
        return b"500 only get is known\n"
    address = unquote(key)
    if address.startswith(UNDO):
        found = srs.original(address.removeprefix(UNDO))
    else:
        found = srs.rewritten(address)
    reply = f"200 {quote(found, safe='@=+!#$&*/?^_{|}~.-')}\n".encode() if found else NOT_FOUND
    return reply if len(reply) <= MAX_BYTES else NOT_FOUND


class SenderTable:
    """Listens for Postfix; a port of 0 takes a free one (see `port` after start)."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Raises OSError for a port that is taken."""
        listening = listening_socket(self.host, self.port)
        self._server = await asyncio.start_server(self._serve, sock=listening)
        self.port = self._server.sockets[0].getsockname()[1]
        logger.info("rewritten senders on %s:%s", self.host, self.port)

    def kept(self) -> list[socket]:
        """What listens, for who goes on listening when this is closed."""
        return [listening.dup() for listening in self._server.sockets] if self._server else []

    async def close(self) -> None:
        """Hang up; Postfix asks anew."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                writer.write(answer(await reader.readuntil(b"\n")))
                await writer.drain()
        self._writers.discard(writer)
        writer.close()
