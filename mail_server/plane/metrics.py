"""What the policy service counts, in the text format of Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mail_server.policy import Verdict

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0)


@dataclass
class PolicyMetrics:
    """Counted by one thread, told by any.

    waiting: questions that are not answered yet. slots: answers by how long they took, one
    for each bound and one for what took longer.
    """

    started_at: float = field(default_factory=time.time)
    connections: int = 0
    waiting: int = 0
    queries: int = 0
    failed_queries: int = 0
    answers: Counter[str] = field(
        default_factory=lambda: Counter({"passed": 0, "refused": 0, "put_off": 0})
    )
    slots: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))
    seconds: float = 0.0

    def answered(self, verdict: Verdict, seconds: float) -> None:
        name = "passed" if verdict.accepted else "put_off" if verdict.code < 500 else "refused"
        self.answers[name] += 1
        self.slots[bisect_left(SECONDS, seconds)] += 1
        self.seconds += seconds

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        by_answer = {f'{{answer="{name}"}}': count for name, count in self.answers.items()}
        yield from _metric("answers_total", "counter", "Answers to Postfix.", by_answer)
        yield from self._histogram()
        for name, kind, what, value in (
            ("start_time_seconds", "gauge", "Start, since the epoch.", self.started_at),
            ("connections", "gauge", "Open connections of Postfix.", self.connections),
            ("waiting", "gauge", "Questions not answered yet.", self.waiting),
            ("queries_total", "counter", "Queries to the database.", self.queries),
            ("failed_queries_total", "counter", "Those without an answer.", self.failed_queries),
        ):
            yield from _metric(name, kind, what, {"": value})

    def _histogram(self) -> Iterator[str]:
        counts, total = {}, 0
        for bound, count in zip((*SECONDS, "+Inf"), self.slots, strict=True):
            total += count
            counts[f'_bucket{{le="{bound}"}}'] = total
        values = counts | {"_sum": self.seconds, "_count": total}
        yield from _metric("answer_seconds", "histogram", "Time to an answer.", values)


def _metric(name: str, kind: str, what: str, values: Mapping[str, float]) -> Iterator[str]:
    """values: by what follows the name, labels among them."""
    yield f"# HELP mail_policy_{name} {what}"
    yield f"# TYPE mail_policy_{name} {kind}"
    yield from (f"mail_policy_{name}{suffix} {value}" for suffix, value in values.items())
