"""Decisions of the policy at a million accounts: of its service, and one at a time."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from dataclasses import dataclass

from django.db import connection

from benchmarks.dataset import LARGE, SMALL, Size, prepare_organizations
from benchmarks.measure import Report, times_ms
from mail_server.plane.policy_service import PolicyService
from mail_server.policy import Sender, judge_recipient

SECONDS = 5
DECISIONS = 3000
READ = ["accounts_address", "accounts_account", "accounts_mailbox"]
SENDER = Sender(envelope="friend@elsewhere.example", ip="192.0.2.1")


@dataclass(frozen=True, slots=True)
class Answers:
    per_second: float
    p99_ms: float
    cpu_us: float


async def asked(size: Size) -> Answers:
    """Of a service in this process, by a client in another."""
    service = PolicyService("127.0.0.1", 0)
    await service.start()
    command = ["-m", "benchmarks.policy_client", service.port, size.name, size.accounts, SECONDS]
    client = await asyncio.create_subprocess_exec(
        sys.executable, *map(str, command), stdout=asyncio.subprocess.PIPE, limit=2**26
    )
    start = time.process_time()
    told, _ = await client.communicate()
    spent = time.process_time() - start
    await service.close()
    taken = sorted(json.loads(told))
    # The client has asked for a second more than it tells of.
    cpu_us = spent / (len(taken) * (SECONDS + 1) / SECONDS) * 1e6
    return Answers(len(taken) / SECONDS, taken[-len(taken) // 100], cpu_us)


def one_at_a_time(size: Size) -> float:
    """Decisions a second, as the embedded server asks."""
    chosen = random.Random(1)

    def decide() -> None:
        judge_recipient(SENDER, f"u{chosen.randint(1, size.accounts)}@{size.name}.example")

    return 1000 / statistics.mean(times_ms(decide, DECISIONS, warm_up=200))


def bare_queries() -> float:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    return 1000 / statistics.mean(times_ms(ask, DECISIONS, warm_up=200))


def read_into_memory() -> None:
    """What the decisions read, as it is for a server that has run for a while."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        cursor.execute(
            "SELECT count(pg_prewarm(t.oid)), (SELECT count(pg_prewarm(i.indexrelid))"
            " FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[]))"
            " FROM pg_class t WHERE t.oid = ANY(%s::regclass[])",
            [READ, READ],
        )


def measure(report: Report) -> None:
    prepare_organizations()
    read_into_memory()
    large, small = asyncio.run(asked(LARGE)), asyncio.run(asked(SMALL))
    single, bare = one_at_a_time(LARGE), bare_queries()
    report.add(
        "Policy service, one process, 20 connections, the database asked for each decision",
        [
            (
                "decisions per second at 1,000,000 accounts, beside 1,000 accounts",
                f"{large.per_second:,.0f}",
                f"{small.per_second:,.0f}",
                f"{large.per_second / small.per_second:.2f}",
                "7,000",
            ),
            (
                "p99 of an answer",
                f"{large.p99_ms:.2f} ms",
                f"{small.p99_ms:.2f} ms",
                f"{large.p99_ms / small.p99_ms:.2f}",
                "5 ms",
            ),
            (
                "processor time of the service for a decision",
                f"{large.cpu_us:.0f} µs",
                f"{small.cpu_us:.0f} µs",
                f"{large.cpu_us / small.cpu_us:.2f}",
                "",
            ),
            (
                "decisions per second of one who asks for each alone, beside SELECT 1",
                f"{single:,.0f}",
                f"{bare:,.0f}",
                f"{single / bare:.2f}",
                "",
            ),
        ],
        note="The client of the measurement and the database share the machine; "
        "tables and indexes are in memory.",
    )
