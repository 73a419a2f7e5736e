"""What Postfix asks at each RCPT: the rules of mail_server.policy, over TCP."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from django.db.utils import Error as DatabaseError

from accounts.models import Account
from mail_server.plane.policy_protocol import TRY_LATER, Request, answer, parse
from mail_server.policy import (
    MAY_NOT_SEND,
    Sender,
    Verdict,
    inside_sender,
    judge_recipient,
    judge_sender,
)
from mail_server.threads import in_thread

logger = logging.getLogger(__name__)

# A request has some thirty lines; whoever sends more is not Postfix.
MAX_LINES = 100


def judge(request: Request) -> Verdict:
    """The sender first, as MAIL comes before RCPT."""
    sender = _sender(request)
    if sender is None:
        return MAY_NOT_SEND
    verdict = judge_sender(sender)
    if not verdict.accepted:
        return verdict
    return judge_recipient(sender, request.recipient, size_bytes=request.size_bytes)


def _sender(request: Request) -> Sender | None:
    """None for an account that is gone since it signed in."""
    if not request.login:
        return Sender(envelope=request.sender, ip=request.client_ip)
    account = Account.objects.filter(address=request.login).values_list("pk").first()
    if account is None:
        return None
    return inside_sender(account_id=account[0], envelope=request.sender, ip=request.client_ip)


class PolicyService:
    """Listens for Postfix; a port of 0 takes a free one (see `port` after start)."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._server: asyncio.Server | None = None
        self._idle: set[asyncio.StreamWriter] = set()
        self._sessions: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Raises OSError for a port that is taken."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        logger.info("policy on %s:%s", self.host, self.port)

    async def close(self) -> None:
        """Answer what was asked already, and hang up; Postfix asks anew elsewhere or later."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._idle):
            writer.close()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._answer_all(reader, writer)
        writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self._server is not None and self._server.is_serving():
            self._idle.add(writer)
            lines = await _read(reader)
            self._idle.discard(writer)
            writer.write(answer(await _verdict(parse(lines))))
            await writer.drain()


async def _read(reader: asyncio.StreamReader) -> list[bytes]:
    """The lines of one request. Raises IncompleteReadError at the end of the connection."""
    lines: list[bytes] = []
    while len(lines) < MAX_LINES:
        line = (await reader.readuntil(b"\n")).rstrip(b"\r\n")
        if not line:
            return lines
        lines.append(line)
    raise asyncio.LimitOverrunError("Too many lines", MAX_LINES)


async def _verdict(request: Request) -> Verdict:
    try:
        return await in_thread(judge, request)
    except DatabaseError:
        logger.exception("RCPT could not be answered")
        return TRY_LATER
