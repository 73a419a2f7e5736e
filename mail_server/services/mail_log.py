"""Reading Postfix's log into message events, each line once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mail_server import srs
from mail_server.choices import EventKind
from mail_server.models import LoggedMessage, LogPosition
from mail_server.plane import log_files
from mail_server.plane.log_lines import (
    Accepted,
    Client,
    Fact,
    MessageId,
    Outcome,
    Refusal,
    Removed,
    parse,
    time_of,
)
from mail_server.services.events import SHORT, Event, record_events

logger = logging.getLogger(__name__)

BYTES_AT_ONCE = 256 * 1024
# Postfix gives up after five days; what is older was never queued.
FORGET_AFTER = timedelta(days=10)
# Whoever logs takes the time before its turn to write: a second may come after the next.
DISORDER = timedelta(seconds=10)
KINDS = {"sent": EventKind.DELIVERED, "deferred": EventKind.DEFERRED}
KEPT = ("client_ip", "login", "message_id", "sender", "subject", "size_bytes")
WRITTEN = (*KEPT, "event_at", "seen_at", "is_filtered", "is_removed")


@transaction.atomic
def read_on(path: Path) -> bool:
    """Read the next lines; False where there are none, or no log.

    How far it came and what it read are one transaction: killed anywhere, it goes on where
    the last one ended.
    """
    position = _position(path)
    if position is None:
        return False
    file = log_files.find(path, position.inode)
    if file is None:
        logger.warning("A log was taken away before it was read to its end: %s", path)
        return _go_to(position, log_files.oldest_inode(path))
    # Asked before reading: a file that has a successor gets no more lines.
    later = log_files.successor(path, file)
    lines, offset = log_files.read_lines(file, position.offset, BYTES_AT_ONCE)
    if offset == position.offset:
        return _go_to(position, later)
    _take_in(lines, position)
    position.offset = offset
    position.save()
    return True


def _position(path: Path) -> LogPosition | None:
    """Where to go on, locked: one reads at a time. None while there is no log."""
    inode = log_files.oldest_inode(path)
    if inode is None:
        return None
    key = {"host": settings.MAIL_HOST_NAME, "path": path}
    LogPosition.objects.get_or_create(**key, defaults={"inode": inode})
    return LogPosition.objects.select_for_update().get(**key)


def _go_to(position: LogPosition, inode: int | None) -> bool:
    if inode is None:
        return False
    position.inode, position.offset = inode, 0
    position.save()
    return True


def _take_in(lines: list[str], position: LogPosition) -> None:
    facts = list(_dated(lines, position))
    ids = {queue_id for _at, queue_id, _fact in facts if queue_id}
    known = LoggedMessage.objects.in_bulk(ids, field_name="queue_id")
    events: list[Event] = []
    for at, queue_id, fact in facts:
        message = known.get(queue_id) or LoggedMessage(queue_id=queue_id)
        message.seen_at = at
        if queue_id:
            known[queue_id] = message
        events.extend(_learn(message, fact, at))
    record_events(events)
    LoggedMessage.objects.bulk_create(
        known.values(),
        update_conflicts=True,
        unique_fields=["queue_id"],
        update_fields=WRITTEN,
    )


def _dated(lines: list[str], position: LogPosition) -> Iterator[tuple[datetime, str, Fact]]:
    """Lines that tell of a message, each with a time of its own (see MessageEvent.at)."""
    now = timezone.now()
    for text in lines:
        line = parse(text)
        if line is None:
            continue
        second = time_of(line.stamp, now=now)
        last = position.second
        if last is not None and last - DISORDER < second < last:
            second = last
        is_same = second == last
        position.second, position.lines = second, position.lines + 1 if is_same else 0
        if line.fact is not None:
            at = second + timedelta(microseconds=min(position.lines, 999_999))
            yield at, line.queue_id, line.fact


def _learn(message: LoggedMessage, fact: Fact, at: datetime) -> Iterator[Event]:
    """Keep what a line tells of a message, and make events of it."""
    match fact:
        case Client():
            message.client_ip, message.login = fact.ip, _cut("login", fact.login).lower()
        case MessageId():
            message.message_id = _cut("message_id", fact.message_id)
        case Accepted():
            message.sender = _cut("sender", srs.original(fact.sender) or fact.sender)
            message.size_bytes = fact.size_bytes
            message.event_at = message.event_at or at
        case Outcome():
            yield from _outcome(message, fact, at)
        case Refusal():
            if fact.is_whole:
                message.event_at, message.is_removed = message.event_at or at, True
            yield _refusal(message, fact, at)
        case Removed():
            message.is_removed = True


def event_of(message: LoggedMessage, kind: EventKind, recipient: str, at: datetime) -> Event:
    kept = {name: getattr(message, name) for name in KEPT}
    return Event(at=at, kind=kind, recipient=recipient, queue_id=message.queue_id, **kept)


def _outcome(message: LoggedMessage, fact: Outcome, at: datetime) -> Iterator[Event]:
    """With the acceptance, told for each recipient: only now is it clear whom it concerns."""
    accepted = message.event_at or at
    yield event_of(message, EventKind.RECEIVED, fact.recipient, accepted)
    kind = KINDS.get(fact.status, EventKind.REFUSED)
    yield replace(
        event_of(message, kind, fact.recipient, at),
        original_recipient=message.originals.get(fact.recipient.lower(), fact.original_recipient),
        relay=fact.relay,
        dsn=fact.dsn,
        reason=fact.reason,
    )


def _refusal(message: LoggedMessage, fact: Refusal, at: datetime) -> Event:
    kind = EventKind.REFUSED if fact.is_final else EventKind.DEFERRED
    return replace(
        event_of(message, kind, fact.recipient, at),
        sender=fact.sender,
        login=message.login or fact.login,
        client_ip=fact.ip,
        dsn=fact.dsn,
        reason=fact.reason,
    )


def _cut(name: str, text: str) -> str:
    return text.replace("\x00", "")[: SHORT[name]]


def note_originals(queue_id: str, originals: dict[str, str]) -> None:
    """What a member wrote, by the address it led to: the log tells the latter only."""
    LoggedMessage.objects.bulk_create(
        [LoggedMessage(queue_id=queue_id, originals=originals, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["queue_id"],
        update_fields=["originals"],
    )


def forget_finished() -> None:
    """Drop what is known of messages that have left the queue, and of what never came in."""
    now = timezone.now()
    LoggedMessage.objects.filter(seen_at__lt=now - FORGET_AFTER).delete()
    left = LoggedMessage.objects.filter(is_removed=True)
    left.filter(is_filtered=True).delete()
    left.filter(seen_at__lt=now - timedelta(minutes=5)).delete()
