"""Working the queue off: into mailboxes, to the smart host, or into the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Mailbox
from mail_server import spool, srs
from mail_server.choices import DeliveryState
from mail_server.gateways import smart_host
from mail_server.models import Delivery, QueuedMessage
from mail_server.policy import is_ours
from mail_server.services.bounces import bounce
from mail_server.services.delivery_events import outcome_event
from mail_server.services.events import record_events
from mail_server.signing import signed
from mail_server.stores import mail_store

logger = logging.getLogger(__name__)

WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED)
# RFC 5321, 4.5.4.1: at least 30 minutes between tries, give up after 4 to 5 days.
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    state: DeliveryState
    reply: str


def drain(limit: int = 1000) -> int:
    """Attempt every delivery that is due; how many were attempted."""
    attempted = 0
    while attempted < limit and deliver_next():
        attempted += 1
    return attempted


def deliver_message(message: QueuedMessage) -> None:
    """Attempt the deliveries of one message at once, as after its acceptance."""
    while deliver_next(message_id=message.pk):
        pass


def deliver_next(*, message_id: int | None = None) -> bool:
    """Attempt one due delivery; False when there is none that nobody else works on."""
    delivery = None
    try:
        with transaction.atomic():
            delivery = _take(message_id)
            if delivery is not None:
                _record(delivery, _attempt(delivery))
    except (InterfaceError, OperationalError, OSError):
        raise
    except Exception:
        if delivery is None:
            raise
        # One message that nobody can handle must not hold up all the others.
        logger.exception("Delivery %s failed", delivery.pk)
        _put_off(delivery)
    return delivery is not None


def _take(message_id: int | None) -> Delivery | None:
    """A due delivery, locked."""
    due = Delivery.objects.filter(state__in=WAITING, next_attempt_at__lte=timezone.now())
    if message_id is not None:
        due = due.filter(message_id=message_id)
    return (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("message", "mailbox")
        .order_by("next_attempt_at", "id")
        .first()
    )


def _put_off(delivery: Delivery) -> None:
    """Try again later; for good in the outbox once its time is over, where people see it."""
    now = timezone.now()
    over = now - delivery.message.accepted_at > GIVE_UP_AFTER
    delivery.reply = "451 4.3.0 Internal error"
    delivery.state = DeliveryState.HELD if over else DeliveryState.DEFERRED
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            state=delivery.state,
            reply=delivery.reply,
            attempts=F("attempts") + 1,
            next_attempt_at=now + LONGEST_RETRY,
        )
        record_events([outcome_event(delivery, at=now)])


def _attempt(delivery: Delivery) -> Outcome:
    try:
        content = spool.read(delivery.message.queue_id)
    except FileNotFoundError:
        return Outcome(DeliveryState.BOUNCED, "550 5.3.0 The message is gone from the spool")
    if delivery.mailbox is not None:
        return _store(delivery, delivery.mailbox, content)
    if not smart_host.is_configured():
        return Outcome(DeliveryState.HELD, gettext_noop("Held: no smart host is set"))
    return _relay(delivery, content)


def _store(delivery: Delivery, mailbox: Mailbox, content: bytes) -> Outcome:
    head = (
        f"Return-Path: <{delivery.message.envelope_sender}>\r\n"
        f"Delivered-To: {delivery.recipient}\r\n"
    )
    content = head.encode("utf-8") + content
    if mailbox.quota_bytes and mailbox.usage_bytes + len(content) > mailbox.quota_bytes:
        return Outcome(DeliveryState.BOUNCED, "552 5.2.2 Mailbox is full")
    store = mail_store()
    try:
        store.deliver(
            mailbox.store_path,
            content,
            unique=f"d{delivery.pk}",
            # The same each time, so that a delivery repeated after a crash replaces itself.
            received_at=delivery.message.accepted_at,
            may_exist=delivery.attempts > 0 or delivery.message.system_key is not None,
        )
    except OSError as error:
        return Outcome(DeliveryState.DEFERRED, f"451 4.3.0 {error.strerror}")
    if not store.tells_usage:
        Mailbox.objects.filter(pk=mailbox.pk).update(usage_bytes=F("usage_bytes") + len(content))
    return Outcome(DeliveryState.DELIVERED, "250 2.0.0 Stored")


def _relay(delivery: Delivery, content: bytes) -> Outcome:
    if delivery.message.account_id is not None:
        # What others have sent, and is forwarded, is not ours to vouch for.
        content = signed(content, envelope_sender=delivery.message.envelope_sender)
    try:
        reply = smart_host.send(
            content,
            envelope_sender=_sender_outside(delivery.message),
            recipient=delivery.recipient,
        )
    except smart_host.SmartHostRefused as refusal:
        return Outcome(DeliveryState.BOUNCED, str(refusal))
    except smart_host.SmartHostUnavailable as outage:
        if timezone.now() - delivery.message.accepted_at > GIVE_UP_AFTER:
            return Outcome(DeliveryState.BOUNCED, str(outage))
        return Outcome(DeliveryState.DEFERRED, str(outage))
    return Outcome(DeliveryState.DELIVERED, reply)


def _sender_outside(message: QueuedMessage) -> str:
    """A stranger whose mail is sent on cannot be told as its sender (see srs)."""
    sender = message.envelope_sender
    return sender if message.account_id or is_ours(sender) else srs.rewritten(sender)


def _record(delivery: Delivery, outcome: Outcome) -> None:
    now = timezone.now()
    delivery.state, delivery.reply = outcome.state, outcome.reply
    delivery.attempts += 1
    if outcome.state is DeliveryState.DEFERRED:
        wait = min(FIRST_RETRY * 2 ** (delivery.attempts - 1), LONGEST_RETRY)
        delivery.next_attempt_at = now + wait
    else:
        delivery.finished_at = now
    delivery.save(update_fields=["state", "reply", "attempts", "next_attempt_at", "finished_at"])
    record_events([outcome_event(delivery, at=now)])
    if outcome.state is DeliveryState.BOUNCED:
        bounce(delivery)
    unfinished = (*WAITING, DeliveryState.HELD)
    message = delivery.message
    if not message.deliveries.filter(state__in=unfinished).exists():
        transaction.on_commit(lambda: spool.remove(message.queue_id))
