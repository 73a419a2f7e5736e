"""Figures as SVG: only numbers and positions; colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

WIDTH, HEIGHT = 1080, 230
LEFT, TOP, BOTTOM = 64, 10, 206
LINES = 4
LABELS_MAX = 12
# How much of the width that a column has is filled by it.
FILLED = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """css: which of the series. tip: what it tells when pointed at."""

    x: str
    y: str
    width: str
    height: str
    css: str
    tip: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Values above each other, in columns. label_places: x and text below some of them."""

    lines: list[Line]
    bars: list[Bar]
    labels: list[tuple[str, str]]
    view_box: str = f"0 0 {WIDTH} {HEIGHT}"


def stacked_columns(labels: Sequence[str], series: Sequence[Sequence[int]]) -> Columns:
    """series: of each kind one value for each label, the lowest one first."""
    top = _step(max((sum(values) for values in zip(*series, strict=True)), default=0)) * LINES
    width = (WIDTH - LEFT) / max(len(labels), 1)
    bars = []
    for number, (label, values) in enumerate(zip(labels, zip(*series, strict=True), strict=True)):
        below = 0
        for kind, value in enumerate(values, start=1):
            x = LEFT + width * (number + (1 - FILLED) / 2)
            bars += _bar(x, width * FILLED, below, value, top, f"s{kind}", label)
            below += value
    return Columns(_lines(top), bars, _labels(labels, width))


def _step(highest: int) -> int:
    """The least of 1, 2, 5, 10, 20, … whose lines reach the highest column."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * LINES >= highest:
                return digit * power
        power *= 10


def _bar(
    x: float, width: float, below: int, value: int, top: int, css: str, label: str
) -> list[Bar]:
    if not value:
        return []
    height = (BOTTOM - TOP) * value / top
    y = BOTTOM - (BOTTOM - TOP) * (below + value) / top
    tip = f"{label}: {number_format(value)}"
    return [Bar(f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}", css, tip)]


def _lines(top: int) -> list[Line]:
    values = [top * number // LINES for number in range(LINES + 1)]
    height = BOTTOM - TOP
    return [Line(f"{BOTTOM - height * v / top:.1f}", number_format(v)) for v in values]


def _labels(labels: Sequence[str], width: float) -> list[tuple[str, str]]:
    every = -(-len(labels) // LABELS_MAX)
    return [
        (f"{LEFT + width * (number + 0.5):.1f}", label)
        for number, label in enumerate(labels)
        if number % max(every, 1) == 0
    ]
