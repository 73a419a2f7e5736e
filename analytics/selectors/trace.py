"""The message trace (manual, 7.5): what became of each message, and its way there."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from admin_platform.operator import Operator
from mail_server.choices import EventKind
from mail_server.models import MessageEvent

OUTCOMES = (EventKind.DELIVERED, EventKind.DEFERRED, EventKind.REFUSED)
# Of what the log tells with one time, that which comes first.
FIRST = {EventKind.RECEIVED: 0, EventKind.FILTERED: 1}
NOTHING_FOUND = "no action"


def outcomes(operator: Operator) -> QuerySet[MessageEvent]:
    """What became of each message for each recipient; of several attempts the last.

    What was refused before it had a queue ID stands by itself.
    """
    later = MessageEvent.objects.filter(
        organization_id=OuterRef("organization_id"),
        queue_id=OuterRef("queue_id"),
        recipient=OuterRef("recipient"),
        kind__in=OUTCOMES,
        at__gt=OuterRef("at"),
    )
    is_last = ~Q(kind=EventKind.DEFERRED) | Q(queue_id="") | ~Exists(later)
    return operator.scope(MessageEvent.objects.filter(is_last, kind__in=OUTCOMES))


def way(outcome: MessageEvent) -> list[MessageEvent]:
    """All that happened to the message on its way to this recipient, in order."""
    if not outcome.queue_id:
        return [outcome]
    events = MessageEvent.objects.filter(
        Q(recipient="") | Q(recipient=outcome.recipient),
        organization_id=outcome.organization_id,
        queue_id=outcome.queue_id,
    )
    return sorted(events, key=lambda e: (e.at, FIRST.get(EventKind(e.kind), 2), e.pk))


def suspicious() -> Exists:
    """A condition on events: Rspamd found something in the message."""
    filtered = MessageEvent.objects.filter(
        organization_id=OuterRef("organization_id"),
        queue_id=OuterRef("queue_id"),
        recipient="",
        kind=EventKind.FILTERED,
    )
    return Exists(filtered.exclude(reason__startswith=NOTHING_FOUND))


def rows_for_export(events: QuerySet[MessageEvent]) -> Iterator[list[str]]:
    """The rows are never all in memory."""
    for event in events.order_by("-at", "-pk").iterator(chunk_size=2000):
        yield [
            f"{localtime(event.at):%Y-%m-%d %H:%M:%S}",
            event.get_direction_display(),
            event.subject,
            event.get_kind_display(),
            event.sender,
            event.recipient,
            event.original_recipient,
            str(event.size_bytes),
            event.client_ip or "",
            event.reason,
            event.queue_id,
            event.message_id,
        ]
