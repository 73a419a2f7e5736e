"""Timing, and the file that keeps the figures."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FIGURES = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `make bench`. Each figure stands beside its baseline of the same run; the ratio is
what counts, the times are this machine's.

"""


@dataclass
class Report:
    sections: list[str] = field(default_factory=list)

    def add(self, title: str, rows: list[tuple[str, str, str, str, str]], note: str = "") -> None:
        """Rows of (what, figure, baseline, ratio, goal)."""
        lines = [f"## {title}", ""]
        if note:
            lines += [note, ""]
        lines += ["| what | figure | baseline | ratio | goal |", "|---|---|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
        self.sections.append("\n".join(lines))
        print("\n".join(lines) + "\n", flush=True)

    def write(self) -> None:
        FIGURES.write_text(HEAD + machine() + "\n\n" + "\n\n".join(self.sections) + "\n")


def machine() -> str:
    """What the figures were made on, and how busy it was with other things."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{date.today().isoformat()}, {platform.system()} {platform.machine()}, {os.cpu_count()} "
        f"cores, {memory:.0f} GB, Python {platform.python_version()}; load in the last "
        f"15 minutes {os.getloadavg()[2]:.1f}."
    )


def median_ms(action: Callable[[], object], runs: int = 15, warm_up: int = 3) -> float:
    """Milliseconds of the middle run."""
    return statistics.median(times_ms(action, runs, warm_up))


def times_ms(action: Callable[[], object], runs: int, warm_up: int = 3) -> list[float]:
    for _ in range(warm_up):
        action()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return taken
