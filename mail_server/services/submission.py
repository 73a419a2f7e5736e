"""Sending from inside: what members write in the webmail, and the platform's own letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Account
from mail_server.models import QueuedMessage
from mail_server.policy import Sender, Verdict, inside_sender, judge_recipient, judge_sender
from mail_server.services.delivery import deliver_message
from mail_server.services.queue import accept
from mail_server.services.refusals import record_refusals


class SenderRefused(Exception):
    """The account may not send, or not with this address; the text is the SMTP answer."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of it: the message (None when every recipient was refused) and, by
    address, why some recipients were refused."""

    message: QueuedMessage | None
    refused: dict[str, Verdict] = field(default_factory=dict)


def submit(
    message: EmailMessage, *, account: Account, recipients: Iterable[str], ip: str | None = None
) -> Submission:
    """Send a member's message to those recipients that the policy lets it reach.

    The envelope sender is the From address. Bcc is dropped, a missing Date or
    Message-ID added. Raises SenderRefused.
    """
    sender = inside_sender(account_id=account.pk, envelope=_from_address(message), ip=ip)
    verdict = judge_sender(sender)
    if not verdict.accepted:
        record_refusals(sender, dict.fromkeys(recipients, verdict))
        raise SenderRefused(str(verdict))
    content = complete(message)
    verdicts = {
        address: judge_recipient(sender, address, size_bytes=len(content))
        for address in dict.fromkeys(recipients)
    }
    refused = {a: v for a, v in verdicts.items() if not v.accepted}
    record_refusals(sender, refused)
    accepted = [a for a in verdicts if a not in refused]
    if not accepted:
        return Submission(None, refused)
    queued = accept(content, sender=sender, recipients=accepted)
    transaction.on_commit(lambda: deliver_message(queued))
    return Submission(queued, refused)


def send_system_letter(message: EmailMessage, *, to: str, key: str) -> None:
    """Send a letter of the platform itself to an inside address, once for each key.

    No member's permission applies: it comes from the null sender, which nobody answers.
    Delivered by the queue, or at once by deliver_message.
    """
    if QueuedMessage.objects.filter(system_key=key).exists():
        return
    sender = Sender(envelope="", organization_id=_organization_of(to))
    try:
        with transaction.atomic():
            queued = accept(complete(message), sender=sender, recipients=[to], system_key=key)
    except IntegrityError:  # a second worker was faster
        return
    transaction.on_commit(lambda: deliver_message(queued))


def complete(message: EmailMessage) -> bytes:
    """The message as it goes out: Date and Message-ID there (RFC 6409, 8), Bcc gone."""
    del message["Bcc"]
    if "Date" not in message:
        message["Date"] = formatdate(localtime=True)
    if "Message-ID" not in message:
        message["Message-ID"] = make_msgid(domain=settings.MAIL_HOST_NAME)
    return message.as_bytes(policy=SMTP)


def _from_address(message: EmailMessage) -> str:
    addresses = message["From"].addresses
    return str(addresses[0].addr_spec).lower()


def _organization_of(address: str) -> int | None:
    found = Account.objects.filter(address=address.lower()).values_list("organization_id")
    return found[0][0] if found else None
