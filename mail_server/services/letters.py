"""The platform's own letters, put straight into a mailbox."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Mailbox
from mail_server.stores import mail_store


class MailboxFull(Exception):
    """The mailbox has no room for the letter."""


@transaction.atomic
def place_letter(
    content: bytes, *, mailbox: Mailbox, key: str, received_at: datetime | None = None
) -> None:
    """Put a letter into the inbox, past whom the mailbox may receive from, once for each key.

    For jobs: called again after its transaction was lost, it finds the letter there and
    changes nothing. received_at: where it stands among the others, now by default.
    Raises MailboxFull.
    """
    content = f"Delivered-To: {mailbox.account.address}\r\n".encode() + content
    taken = Mailbox.objects.filter(pk=mailbox.pk).select_for_update().get()
    if taken.quota_bytes and taken.usage_bytes + len(content) > taken.quota_bytes:
        raise MailboxFull
    store = mail_store()
    store.deliver(taken.store_path, content, unique=key, received_at=received_at, may_exist=True)
    usage = store.usage(taken.store_path)
    Mailbox.objects.filter(pk=mailbox.pk).update(usage_bytes=usage)
