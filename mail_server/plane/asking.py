"""Facts for many who ask at once, beside the event loop."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from django.db import InterfaceError, OperationalError, connection

from mail_server.facts import Facts, Question, gather
from mail_server.plane.metrics import PolicyMetrics
from mail_server.threads import THREADS

logger = logging.getLogger(__name__)

# One query is on its way while the next is put together.
READERS = 2
# What is asked meanwhile shares a query; more would make those wait who asked first.
TOGETHER = 50


Waiting = tuple[Question, asyncio.Future[Facts]]


class NoFacts(Exception):
    """The database could not be asked."""


class Asker:
    """Reads the facts for each question once it was asked, for those that wait together in
    one query. A query that fails, fails for all of them."""

    def __init__(self, metrics: PolicyMetrics) -> None:
        self._metrics = metrics
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue()
        self._readers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._readers = [asyncio.create_task(self._read()) for _ in range(READERS)]

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def facts(self, question: Question) -> Facts:
        """Raises NoFacts."""
        answer: asyncio.Future[Facts] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((question, answer))
        return await answer

    async def _read(self) -> None:
        while True:
            together = [await self._waiting.get()]
            with suppress(asyncio.QueueEmpty):
                while len(together) < TOGETHER:
                    together.append(self._waiting.get_nowait())
            await self._answer(together)

    async def _answer(self, together: list[Waiting]) -> None:
        self._metrics.queries += 1
        try:
            questions = [question for question, _ in together]
            found = await asyncio.get_running_loop().run_in_executor(THREADS, _gather, questions)
        except Exception:  # a reader that ends would leave everybody waiting
            logger.exception("The policy could not ask the database")
            self._metrics.failed_queries += 1
            for _, answer in together:
                answer.set_exception(NoFacts())
            return
        for (_, answer), facts in zip(together, found, strict=True):
            answer.set_result(facts)


def _gather(questions: list[Question]) -> list[Facts]:
    """A connection that has ended is replaced when it fails: asked each time before whether
    it is alive, the database would be asked twice as often."""
    try:
        return gather(questions)
    except (InterfaceError, OperationalError):
        connection.close()
        return gather(questions)
