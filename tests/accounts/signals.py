"""Hearing what a signal says during a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal


@contextmanager
def heard(signal: Signal, *names: str) -> Iterator[list[tuple[Any, ...]]]:
    """The values of these names for each time the signal is sent inside the block."""
    told: list[tuple[Any, ...]] = []

    def receiver(**kwargs: Any) -> None:
        told.append(tuple(kwargs[name] for name in names))

    signal.connect(receiver)
    try:
        yield told
    finally:
        signal.disconnect(receiver)
