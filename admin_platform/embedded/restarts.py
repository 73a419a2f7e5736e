"""How soon something that died is started again, and when it is given up."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

# What dies this often within the window is given up.
DEATHS_ALLOWED = 5
DEATH_WINDOW_SECONDS = 120
LONGEST_PAUSE_SECONDS = 30


class GivenUp(Exception):
    """A program died again and again; the text says which and where its log is."""


@dataclass
class Restarts:
    name: str
    log: Path
    _deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))

    def pause_after_death(self) -> float:
        """Seconds to wait before the next start: none at first. Raises GivenUp."""
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death < DEATH_WINDOW_SECONDS for death in self._deaths)
        if recent >= DEATHS_ALLOWED:
            raise GivenUp(f"{self.name} has ended {recent} times in a short while; see {self.log}")
        return float(min(1 << (recent - 1), LONGEST_PAUSE_SECONDS) - 1)
