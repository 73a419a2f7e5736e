"""Sending what a member has written, with a copy in the sent mail."""

from __future__ import annotations

import uuid
from email.policy import SMTP

from accounts.models import Account
from mail_server.services.submission import Submission, submit
from mail_server.stores import mail_store
from webmail.services import mailbox as acts
from webmail.services.composing import Written, build


def send(*, written: Written, account: Account, ip: str | None) -> Submission:
    """Send; the copy is kept when anybody at all could be reached.

    Raises SenderRefused, and StoreUnavailable before anything was sent.
    """
    # Told only afterwards, when the copy cannot be kept, its sender would send it again.
    mail_store().folders(account.mailbox.store_path)
    message = build(written, account=account)
    result = submit(message, account=account, recipients=written.recipients, ip=ip)
    if result.message is not None:
        acts.keep_sent(
            mailbox=account.mailbox,
            content=message.as_bytes(policy=SMTP),
            unique=f"s{result.message.pk}",
        )
    return result


def save_draft(*, written: Written, account: Account, replaces: str = "") -> str:
    """Keep what was written so far; the key of the draft, which takes the old one's place."""
    key = acts.keep_draft(
        mailbox=account.mailbox,
        content=build(written, account=account).as_bytes(policy=SMTP),
        unique=uuid.uuid4().hex,
    )
    if replaces:
        acts.drop_draft(mailbox=account.mailbox, key=replaces)
    return key
