"""Accepting messages into the queue: after this returns, none is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.db import connection, transaction

from mail_server import spool, srs
from mail_server.choices import EventKind
from mail_server.models import Delivery, QueuedMessage
from mail_server.policy import Sender
from mail_server.services.delivery_events import event_of
from mail_server.services.events import record_events
from mail_server.stores.headers import header

# RFC 5321, 6.3: more than 100 Received headers are a loop for certain.
MAX_HOPS = 50
HEADER_MAX_LENGTH = 998
_LINE_END = re.compile(rb"\r\n|\r|\n")


class MailLoop(Exception):
    """The message has passed too many servers."""


def accept(
    content: bytes,
    *,
    sender: Sender,
    recipients: Iterable[str],
    system_key: str | None = None,
) -> QueuedMessage:
    """Take responsibility for a message (RFC 5321, 6.1), its recipients judged already.

    Each mailbox and outside address gets one delivery, by however many ways it is
    reached; who backs the sender up gets one too. Raises MailLoop.
    """
    content = with_one_kind_of_line_ends(content)
    head = BytesHeaderParser(policy=compat32).parsebytes(content)
    if len(head.get_all("Received", [])) > MAX_HOPS:
        raise MailLoop
    queue_id = spool.new_queue_id()
    spool.write(queue_id, content)
    try:
        with transaction.atomic():
            message = _message(head, queue_id, len(content), sender, system_key)
            deliveries = Delivery.objects.bulk_create(_deliveries(message, sender, recipients))
            record_events(
                event_of(delivery, EventKind.RECEIVED, at=message.accepted_at)
                for delivery in deliveries
            )
    except BaseException:
        spool.remove(queue_id)
        raise
    return message


def with_one_kind_of_line_ends(content: bytes) -> bytes:
    """CRLF for bare CR and LF, which RFC 5321, 2.3.8 forbids.

    A server behind us may take them for line ends and see a second message begin.
    """
    return _LINE_END.sub(b"\r\n", content)


def _message(
    head: Message, queue_id: str, size_bytes: int, sender: Sender, system_key: str | None
) -> QueuedMessage:
    return QueuedMessage.objects.create(
        queue_id=queue_id,
        envelope_sender=sender.envelope,
        account_id=sender.account_id,
        message_id=_kept(head, "Message-ID"),
        subject=_kept(head, "Subject"),
        size_bytes=size_bytes,
        client_ip=sender.ip,
        system_key=system_key,
    )


def _kept(head: Message, name: str) -> str:
    """A header as one line that a column can hold."""
    return " ".join(header(head, name).replace("\x00", "").split())[:HEADER_MAX_LENGTH]


def _deliveries(
    message: QueuedMessage, sender: Sender, recipients: Iterable[str]
) -> list[Delivery]:
    return [
        Delivery(
            message=message, recipient=recipient, original_recipient=original, mailbox_id=mailbox_id
        )
        for recipient, (original, mailbox_id) in reached(sender, recipients).items()
    ]


def reached(sender: Sender, recipients: Iterable[str]) -> dict[str, tuple[str, int | None]]:
    """Where a message ends, by address: whom it was sent to, mailbox id or None for the
    outside. Who backs the sender up is among them."""
    found: dict[str, tuple[str, int | None]] = {}
    for original in (*recipients, *_backups(sender)):
        for recipient, mailbox_id in _ends(original, sender.organization_id):
            found.setdefault(recipient, (original, mailbox_id))
    return found


def _ends(address: str, organization_id: int | None) -> list[tuple[str, int | None]]:
    """A bounce goes on to whom the address was made from."""
    if srs.is_rewritten(address):
        stranger = srs.original(address)
        return expand(stranger, organization_id) if stranger else []
    return expand(address, organization_id)


def expand(address: str, sender_organization_id: int | None) -> list[tuple[str, int | None]]:
    """Where mail to an address ends: (address, mailbox id or None for the outside)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mp_expand(%s, %s)", [address, sender_organization_id])
        return list(cursor.fetchall())


def _backups(sender: Sender) -> list[str]:
    if sender.account_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mp_sender_bcc(%s)", [sender.envelope])
        return [row[0] for row in cursor.fetchall()]
