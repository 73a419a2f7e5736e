"""What Postfix asks at each RCPT: the rules of mail_server.policy, over TCP."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from socket import socket

from django.db.utils import Error as DatabaseError

from mail_server.plane.asking import Asker, NoFacts
from mail_server.plane.metrics import PolicyMetrics
from mail_server.plane.policy_protocol import END, TRY_LATER, Request, answer, parse
from mail_server.plane.sockets import listening_socket
from mail_server.policy import Verdict, counts, decide, take_recipient
from mail_server.threads import in_thread

logger = logging.getLogger(__name__)

# A request has some thirty lines; whoever sends more is not Postfix.
MAX_BYTES = 16 * 1024


class PolicyService:
    """Listens for Postfix; a port of 0 takes a free one (see `port` after start)."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.metrics = PolicyMetrics()
        self._asker = Asker(self.metrics)
        self._server: asyncio.Server | None = None
        self._idle: set[asyncio.StreamWriter] = set()
        self._sessions: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Raises OSError for a port that is taken."""
        listening = listening_socket(self.host, self.port)
        self._server = await asyncio.start_server(self._serve, sock=listening, limit=MAX_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        self._asker.start()
        logger.info("policy on %s:%s", self.host, self.port)

    def kept(self) -> list[socket]:
        """What listens, for who goes on listening when this is closed."""
        return [listening.dup() for listening in self._server.sockets] if self._server else []

    async def close(self) -> None:
        """Answer what was asked already, and hang up; Postfix asks anew elsewhere or later."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._idle):
            writer.close()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        await self._asker.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        self.metrics.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._answer_all(reader, writer)
        self.metrics.connections -= 1
        writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self._server is not None and self._server.is_serving():
            self._idle.add(writer)
            request = await reader.readuntil(END)
            self._idle.discard(writer)
            writer.write(answer(await self._verdict(request)))
            await writer.drain()

    async def _verdict(self, told: bytes) -> Verdict:
        start = time.perf_counter()
        self.metrics.waiting += 1
        verdict = await self._decide(parse(told))
        self.metrics.waiting -= 1
        self.metrics.answered(verdict, time.perf_counter() - start)
        return verdict

    async def _decide(self, request: Request) -> Verdict:
        try:
            facts = await self._asker.facts(request.question)
            verdict = decide(request.question, facts, size_bytes=request.size_bytes)
            if counts(facts, verdict):
                return await in_thread(take_recipient, facts.account_id, verdict)
        except NoFacts:
            return TRY_LATER
        except DatabaseError:
            logger.exception("A recipient could not be counted")
            return TRY_LATER
        return verdict
