"""Pages of long lists by key instead of by number.

A page starts after (or ends before) the last row seen, so page 10,000 costs as much as
the first one, and rows that come or go meanwhile shift nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Func, Model, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.formats import number_format

M = TypeVar("M", bound=Model)

DEFAULT_SIZE = 50
SIZES = (20, 50, 100)
# Up to here rows are counted exactly where no sum of them is kept.
CAP = 1000


class Row(Func):
    """Several values compared at once, as a composite index does it."""

    function = "ROW"
    output_field = TextField()


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has. is_capped: there are more, but counting them all is too slow."""

    count: int
    is_capped: bool = False

    def __str__(self) -> str:
        return number_format(self.count) + ("+" if self.is_capped else "")


def capped_total(queryset: QuerySet[Any]) -> Total:
    count = queryset.order_by()[: CAP + 1].count()
    return Total(min(count, CAP), count > CAP)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """previous, next: cursors of the neighbouring pages, "" where there is none."""

    items: list[M] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    size: int = DEFAULT_SIZE
    total: Total = field(default_factory=lambda: Total(0))

    @property
    def total_text(self) -> str:
        return str(self.total)


def page_size(text: str | None) -> int:
    """The size that a request asks for, if it is one that we offer."""
    return int(text) if text in {str(size) for size in SIZES} else DEFAULT_SIZE


def keyset_page(
    queryset: QuerySet[M],
    *,
    key: str,
    rows: QuerySet[M],
    cursors: Mapping[str, str],
    descending: bool = False,
    size: int = DEFAULT_SIZE,
    total: Callable[[], Total],
) -> Page[M]:
    """The page after `cursors["after"]` or before `cursors["before"]`, else the first one.

    key: a field or annotation that is never null; rows with the same one are in the order
    of their primary key, in the same direction. A cursor that cannot be read is ignored.
    rows: what to load of the rows that are found; finding them reads their keys alone, which
    an index can answer by itself. total: asked only where one page is not all there is.
    """
    found, has_previous, has_next = _find(queryset, key, descending, cursors, size)
    loaded = rows.in_bulk([pk for _value, pk in found])
    return Page(
        [loaded[pk] for _value, pk in found if pk in loaded],
        previous=_encoded(found[0]) if has_previous else "",
        next=_encoded(found[-1]) if has_next else "",
        size=size,
        total=total() if has_previous or has_next else Total(len(found)),
    )


Place = tuple[Any, int]


def _find(
    queryset: QuerySet[Any], key: str, descending: bool, cursors: Mapping[str, str], size: int
) -> tuple[list[Place], bool, bool]:
    """The keys of a page, and whether there are rows before and after it."""
    if place := _decoded(cursors.get("before"), queryset, key):
        before = queryset.filter(_beyond(key, place, greater=descending))
        found = _keys(before, key, not descending, size)
        # Fewer than a page are left before this one: then it is the first page.
        if len(found) > size:
            return found[:size][::-1], True, True
    place = None if "before" in cursors else _decoded(cursors.get("after"), queryset, key)
    if place:
        queryset = queryset.filter(_beyond(key, place, greater=not descending))
    found = _keys(queryset, key, descending, size)
    return found[:size], bool(place and found), len(found) > size


def _keys(queryset: QuerySet[Any], key: str, descending: bool, size: int) -> list[Place]:
    """One more than a page, to know whether there are more."""
    sign = "-" if descending else ""
    return list(queryset.order_by(f"{sign}{key}", f"{sign}pk").values_list(key, "pk")[: size + 1])


def _beyond(key: str, place: Place, *, greater: bool) -> GreaterThan | LessThan:
    own, other = Row(F(key), F("pk")), Row(*(Value(value) for value in place))
    return GreaterThan(own, other) if greater else LessThan(own, other)


def _encoded(place: Place) -> str:
    value, pk = place
    plain = value.isoformat() if isinstance(value, date) else value
    text = json.dumps([plain, pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str | None, queryset: QuerySet[Any], key: str) -> Place | None:
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, pk = json.loads(base64.urlsafe_b64decode(padded))
        place = (_field(queryset, key).to_python(value), int(pk))
    except (ValueError, TypeError, OverflowError, ValidationError):
        return None
    return None if None in place or "\x00" in str(place[0]) else place


def _field(queryset: QuerySet[Any], key: str) -> Any:
    try:
        return queryset.model._meta.get_field(key)
    except FieldDoesNotExist:
        return queryset.query.annotations[key].output_field
