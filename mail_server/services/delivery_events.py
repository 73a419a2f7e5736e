"""The events of the embedded server's own queue."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings

from mail_server.choices import DeliveryState, EventKind
from mail_server.models import Delivery
from mail_server.services.events import Event

KINDS = {
    DeliveryState.DELIVERED: EventKind.DELIVERED,
    DeliveryState.BOUNCED: EventKind.REFUSED,
    DeliveryState.DEFERRED: EventKind.DEFERRED,
    DeliveryState.HELD: EventKind.DEFERRED,
}
# RFC 3463, behind the reply code.
_STATUS = re.compile(r"[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})\b")


def event_of(delivery: Delivery, kind: EventKind, *, at: datetime) -> Event:
    message = delivery.message
    found = _STATUS.match(delivery.reply)
    return Event(
        at=at,
        kind=kind,
        recipient=delivery.recipient,
        original_recipient=delivery.original_recipient,
        sender=message.envelope_sender,
        account_id=message.account_id,
        queue_id=message.queue_id,
        message_id=message.message_id,
        subject=message.subject,
        size_bytes=message.size_bytes,
        client_ip=message.client_ip,
        dsn=found[1] if found else "",
        relay=settings.SMART_HOST if delivery.mailbox_id is None else "",
        reason=delivery.reply,
    )


def outcome_event(delivery: Delivery, *, at: datetime) -> Event:
    """What an attempt came to, as its state and reply say."""
    return event_of(delivery, KINDS[DeliveryState(delivery.state)], at=at)
