"""Whom a member's message reaches, told to Postfix by the milter."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Account
from mail_server.policy import inside_sender
from mail_server.services.mail_log import note_originals
from mail_server.services.queue import reached

NOBODY = "nobody@nowhere.invalid"


def replaced_recipients(
    *, queue_id: str, login: str, sender: str, recipients: Sequence[str]
) -> dict[str, list[str]]:
    """Which recipients to take from a message, and which to give it, so that it reaches
    whom it reaches. Raises Account.DoesNotExist for a login that is gone."""
    account = Account.objects.only("pk").get(address=login.lower())
    ends = reached(inside_sender(account_id=account.pk, envelope=sender.lower()), recipients)
    typed = {recipient.lower() for recipient in recipients}
    added = {final: original for final, (original, _) in ends.items() if final not in typed}
    if added:
        note_originals(queue_id, added)
    return {
        "remove": [recipient for recipient in recipients if recipient.lower() not in ends],
        # Postfix keeps no message without a recipient.
        "add": list(added) if ends else [NOBODY],
    }
