"""Decisions of the policy at a million accounts, beside one bare query on the same connection."""

from __future__ import annotations

import random
import statistics

from django.db import connection

from benchmarks.dataset import LARGE, SMALL, Size, prepare_organizations
from benchmarks.measure import Report, times_ms
from mail_server.policy import Sender, judge_recipient

DECISIONS = 5000
SENDER = Sender(envelope="friend@elsewhere.example", ip="192.0.2.1")


def decisions(size: Size) -> list[float]:
    chosen = random.Random(1)

    def decide() -> None:
        judge_recipient(SENDER, f"u{chosen.randint(1, size.accounts)}@{size.name}.example")

    return times_ms(decide, DECISIONS, warm_up=200)


def bare_query() -> list[float]:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    return times_ms(ask, DECISIONS, warm_up=200)


def measure(report: Report) -> None:
    prepare_organizations()
    large, small, bare = decisions(LARGE), decisions(SMALL), bare_query()
    per_second = {name: 1000 / statistics.mean(t) for name, t in
                  {"large": large, "small": small, "bare": bare}.items()}  # fmt: skip
    p99 = {"large": sorted(large)[-DECISIONS // 100], "small": sorted(small)[-DECISIONS // 100]}
    report.add(
        "Policy, one process, one connection, the database asked each time",
        [
            (
                "decisions per second at 1,000,000 accounts, beside 1,000 accounts",
                f"{per_second['large']:,.0f}",
                f"{per_second['small']:,.0f}",
                f"{per_second['large'] / per_second['small']:.2f}",
                "",
            ),
            (
                "the same, beside SELECT 1",
                f"{per_second['large']:,.0f}",
                f"{per_second['bare']:,.0f}",
                f"{per_second['large'] / per_second['bare']:.2f}",
                "",
            ),
            (
                "p99 of a decision",
                f"{p99['large']:.2f} ms",
                f"{p99['small']:.2f} ms",
                f"{p99['large'] / p99['small']:.2f}",
                "",
            ),
        ],
    )
