"""Writing down whom the policy has refused, at the door of the embedded server or in the
webmail."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from mail_server.choices import EventKind
from mail_server.policy import Sender, Verdict, judge_recipient, judge_sender
from mail_server.services.events import Event, record_events


def admit_sender(sender: Sender) -> Verdict:
    """The policy's answer to MAIL FROM; a refusal is an event without a recipient."""
    verdict = judge_sender(sender)
    record_refusals(sender, {"": verdict})
    return verdict


def admit_recipient(sender: Sender, address: str, *, size_bytes: int = 0) -> Verdict:
    """The policy's answer to RCPT TO; a refusal is an event."""
    verdict = judge_recipient(sender, address, size_bytes=size_bytes)
    record_refusals(sender, {address: verdict})
    return verdict


def record_refusals(sender: Sender, verdicts: Mapping[str, Verdict]) -> None:
    """Those of the verdicts, by recipient, that let nothing through."""
    now = timezone.now()
    record_events(
        Event(
            at=now,
            kind=EventKind.REFUSED if verdict.code >= 500 else EventKind.DEFERRED,
            recipient=address,
            sender=sender.envelope,
            account_id=sender.account_id,
            client_ip=sender.ip,
            dsn=verdict.status,
            reason=str(verdict),
        )
        for address, verdict in verdicts.items()
        if not verdict.accepted
    )
