"""The months of the message events, each a partition of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

TABLE = "mail_server_messageevent"
MONTHS_AHEAD = 3
# Of whoever makes partitions: one at a time.
LOCK = 0x6D706576

# Rows that came before their month was made are in "other", and would keep it from being made.
MAKE = """
CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
WITH early AS (
    DELETE FROM {table}_other WHERE at >= '{begin}' AND at < '{end}' RETURNING *
)
INSERT INTO {name} SELECT * FROM early;
ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{begin}') TO ('{end}');
"""


def make_partitions() -> list[str]:
    """Make the partitions of this month and of those to come; the names of the new ones."""
    today = timezone.now().date()
    months = [_month(today, ahead) for ahead in range(-1, MONTHS_AHEAD + 1)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return [name for month in months if (name := _make(cursor, month))]


def _make(cursor: CursorWrapper, month: date) -> str:
    """The name of the month's partition; empty if it is there already."""
    name = f"{TABLE}_{month:%Y_%m}"
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    if cursor.fetchone()[0]:
        return ""
    begin, end = _midnight(month), _midnight(_month(month, 1))
    cursor.execute(MAKE.format(table=TABLE, name=name, begin=begin, end=end))
    return name


def _month(day: date, ahead: int) -> date:
    """The first day of a month, so many after that of the day."""
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
