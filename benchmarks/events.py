"""Postfix's log and what Rspamd found into message events, beside a plain COPY of the same rows."""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection

from benchmarks.dataset import LARGE, Size, prepare_organizations
from benchmarks.measure import Report
from mail_server.models import DailyVolume, LoggedMessage, LogPosition, MessageEvent, ScanVerdict
from mail_server.services.mail_log import read_on
from mail_server.services.scan_events import join_verdicts

MESSAGES = 20_000
# What Postfix says of one message from outside that is delivered.
LINES = """\
{stamp} mx postfix/smtpd[4711]: {id}: client=mx.far.example[192.0.2.10]
{stamp} mx postfix/cleanup[4712]: {id}: message-id=<{id}@far.example>
{stamp} mx postfix/qmgr[4713]: {id}: from=<friend@far.example>, size=4096, nrcpt=1 (queue active)
{stamp} mx postfix/lmtp[4714]: {id}: to=<{to}>, relay=127.0.0.1[127.0.0.1]:24, delay=0.2, \
delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{to}> UcZqTG4YqszLqYF Saved)
{stamp} mx postfix/qmgr[4713]: {id}: removed
"""
FINDINGS = """
INSERT INTO mail_server_scanverdict (queue_id, action, score, symbols, subject, message_id, login,
    envelope_sender, recipients, received_at)
SELECT '4jB' || lpad((n - 1)::text, 9, '0'), 'no action', 0.1, '[]', 'Message number ' || n, '', '',
    '', jsonb_build_array(%(to)s), now()
FROM generate_series(1, %(messages)s) AS n
"""


def log_lines(size: Size) -> Iterator[str]:
    chosen = random.Random(1)
    for number in range(MESSAGES):
        second = number // 50
        stamp = time.strftime("%b %d %H:", time.gmtime(time.time() - 7200))
        stamp += f"{second // 60 % 60:02}:{second % 60:02}"
        to = f"u{chosen.randint(1, size.accounts)}@{size.name}.example"
        yield LINES.format(stamp=stamp, id=f"4jB{number:09}", to=to)


def find(size: Size) -> None:
    """What Rspamd tells of each of the messages."""
    with connection.cursor() as cursor:
        cursor.execute(FINDINGS, {"messages": MESSAGES, "to": f"u1@{size.name}.example"})


def forget() -> None:
    for model in (MessageEvent, DailyVolume, LoggedMessage, LogPosition, ScanVerdict):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table}")


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def read(log: Path) -> None:
    """As `manage.py read_mail_log` does it, until there is no more."""
    while read_on(log) or join_verdicts():
        join_verdicts()


def reading(size: Size) -> float:
    with tempfile.TemporaryDirectory() as home:
        log = Path(home, "mail.log")
        log.write_text("".join(log_lines(size)))
        find(size)
        return seconds(lambda: read(log))


def copying() -> float:
    """The rows that are there, once more into the empty table, with all its indexes."""
    rows, table = io.StringIO(), MessageEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", rows)
        cursor.execute(f"TRUNCATE {table}")
        rows.seek(0)
        return seconds(lambda: cursor.copy_expert(f"COPY {table} FROM STDIN", rows))


def measure(report: Report, size: Size = LARGE) -> None:
    prepare_organizations()
    forget()
    taken = reading(size)
    count = MessageEvent.objects.count()
    copied = copying()
    forget()
    report.add(
        f"Message events, one reader, {MESSAGES:,} messages at {size.accounts:,} accounts",
        [
            (
                "rows a second from log and Rspamd's findings, and counted, beside COPY of them",
                f"{count / taken:,.0f}",
                f"{count / copied:,.0f}",
                f"{copied / taken:.2f}",
                "",
            ),
            ("messages a second", f"{MESSAGES / taken:,.0f}", "", "", ""),
        ],
    )
