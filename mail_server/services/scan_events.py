"""Joining what Rspamd found to the events of Postfix's log, by the queue ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction
from django.db.models import OuterRef, Subquery

from mail_server.choices import EventKind
from mail_server.models import LoggedMessage, MessageEvent, ScanVerdict
from mail_server.services.events import Event, record_events
from mail_server.services.mail_log import event_of

MESSAGES_AT_ONCE = 500


@transaction.atomic
def join_verdicts() -> int:
    """Add subject and finding to messages whose verdict has come; to how many.

    Either may come first, log or verdict: what waits is looked at each time.
    """
    waiting = LoggedMessage.objects.filter(
        is_filtered=False,
        event_at__isnull=False,
        queue_id__in=ScanVerdict.objects.values("queue_id"),
    )
    messages = list(waiting.select_for_update()[:MESSAGES_AT_ONCE])
    ids = [message.queue_id for message in messages]
    verdicts = ScanVerdict.objects.in_bulk(ids, field_name="queue_id")
    for message in messages:
        message.subject = verdicts[message.queue_id].subject
    LoggedMessage.objects.filter(queue_id__in=ids).update(subject=_subject(), is_filtered=True)
    _name_subjects(messages)
    refusals = _refusals_of_all(messages)
    events: list[Event] = []
    for message in messages:
        verdict, refusal = verdicts[message.queue_id], refusals.get(message.queue_id)
        events += _findings(message, verdict)
        events += _refusals(message, verdict, refusal) if refusal else ()
    record_events(events)
    return len(messages)


def _subject() -> Subquery:
    """Of the row at hand, as Rspamd told it."""
    return Subquery(ScanVerdict.objects.filter(queue_id=OuterRef("queue_id")).values("subject"))


def _name_subjects(messages: list[LoggedMessage]) -> None:
    """To events that were there before the subject was known."""
    times = {m.queue_id: m.event_at for m in messages if m.subject and m.event_at}
    if times:
        MessageEvent.objects.filter(
            queue_id__in=times, at__gte=min(times.values()), subject=""
        ).update(subject=_subject())


def _refusals_of_all(messages: list[LoggedMessage]) -> dict[str, MessageEvent]:
    """Of messages refused at their end: the log tells of one recipient, but it was for all."""
    times = {m.queue_id: m.event_at for m in messages if m.is_removed and m.event_at}
    found = MessageEvent.objects.filter(
        queue_id__in=times, at__in=times.values(), kind__in=(EventKind.REFUSED, EventKind.DEFERRED)
    )
    return {event.queue_id: event for event in found if event.at == times[event.queue_id]}


def _refusals(
    message: LoggedMessage, verdict: ScanVerdict, refusal: MessageEvent
) -> Iterator[Event]:
    for recipient in verdict.recipients:
        yield replace(
            event_of(message, EventKind(refusal.kind), recipient, refusal.at),
            sender=refusal.sender,
            login=refusal.login,
            client_ip=refusal.client_ip,
            original_recipient=recipient,
            dsn=refusal.dsn,
            reason=refusal.reason,
        )


def _findings(message: LoggedMessage, verdict: ScanVerdict) -> Iterator[Event]:
    if message.event_at is None:
        return
    for recipient in verdict.recipients:
        filtered = event_of(message, EventKind.FILTERED, recipient, message.event_at)
        yield replace(
            filtered,
            sender=message.sender or verdict.envelope_sender,
            login=message.login or verdict.login,
            reason=f"{verdict.action} ({verdict.score:.1f})",
        )
