"""Reading a member's mail as an administrator: with a reason, for an hour, and never unseen.

Nothing of the mailbox changes by it, no message becomes a read one. What is read is
recorded before it is handed out, for the administrator log and for the member.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Mailbox
from accounts.services.protection import check_may_change
from accounts.services.records import primary_department_id
from admin_platform import audit
from admin_platform.operator import Operator
from mail_server.stores import mail_store
from mail_server.stores.headers import header, parse_message
from webmail.errors import NoMailbox, OwnMail, ReasonMissing
from webmail.models import REASON_MAX_LENGTH, MailReading, ReadMessage
from webmail.services.reading import Attachment, attachment_of

FUNCTION = "mail.read"
LASTS = timedelta(hours=1)


def check_may_read(account: Account, actor: Operator) -> Mailbox:
    """The mailbox. Raises ReadingRefused or AccountRefused (out of scope, or mightier)."""
    if account.pk == actor.account_id:
        raise OwnMail
    check_may_change([account], FUNCTION, actor)
    mailbox: Mailbox | None = getattr(account, "mailbox", None)
    if mailbox is None:
        raise NoMailbox(account.name)
    return mailbox


@transaction.atomic
def open_mail(*, account: Account, reason: str, actor: Operator) -> MailReading:
    """Begin to read. Raises as check_may_read does, and ReasonMissing."""
    check_may_read(account, actor)
    reason = " ".join(reason.split())[:REASON_MAX_LENGTH]
    if not reason:
        raise ReasonMissing
    reading = MailReading.objects.create(
        account=account,
        reader_id=actor.account_id,
        reader_name=actor.name,
        reason=reason,
        ip=actor.ip,
        ends_at=timezone.now() + LASTS,
    )
    _record("mail.opened", reading, {}, actor)
    return reading


@transaction.atomic
def end_reading(*, reading: MailReading) -> None:
    """Whoever wants to go on must say anew why."""
    reading.ends_at = timezone.now()
    reading.save(update_fields=["ends_at"])


def read_message(*, reading: MailReading, folder: str, key: str, actor: Operator) -> bytes:
    """The message as it is stored; the first time within a reading it is recorded.

    Raises StoreError where there is no such message.
    """
    content = mail_store().read(reading.account.mailbox.store_path, folder, key)
    with transaction.atomic():
        message, is_new = ReadMessage.objects.get_or_create(
            reading=reading,
            folder=folder,
            key=key,
            defaults={"message_id": _message_id(content)},
        )
        if is_new:
            _record("mail.message_read", reading, _named(message), actor)
    return content


def take_attachment(
    *, reading: MailReading, folder: str, key: str, index: int, actor: Operator
) -> Attachment | None:
    """A part of a message; None where there is no such part. Each taking is recorded."""
    content = read_message(reading=reading, folder=folder, key=key, actor=actor)
    found = attachment_of(content, index)
    if found is not None:
        message = reading.messages.get(folder=folder, key=key)
        with transaction.atomic():
            values = {**_named(message), "part": index + 1}
            _record("mail.attachment_taken", reading, values, actor)
    return found


@transaction.atomic
def note_readings(*, account: Account) -> None:
    """The member has looked at who read the mail."""
    unseen = MailReading.objects.filter(account=account, seen_at=None)
    unseen.update(seen_at=timezone.now())


def _message_id(content: bytes) -> str:
    return header(parse_message(content), "Message-ID").replace("\x00", "")[:998]


def _named(message: ReadMessage) -> dict[str, Any]:
    """Which message it was, but not what it says: more people see the log."""
    return {"folder": message.folder, "message_id": message.message_id}


def _record(action: str, reading: MailReading, values: dict[str, Any], actor: Operator) -> None:
    audit.record(
        action,
        actor=actor,
        target=reading.account,
        after={"reason": reading.reason, **values},
        department_id=primary_department_id(reading.account),
    )
