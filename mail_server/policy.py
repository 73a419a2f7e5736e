"""Who may send what to whom: the one place that every mail plane asks.

Knows nothing of SMTP servers: typed questions in, verdicts out. An inside sender is the
account that signed in, never what MAIL FROM or From say; for the outside, MAIL FROM is
all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from mail_server import srs


@dataclass(frozen=True, slots=True)
class Verdict:
    """An SMTP answer: reply code (RFC 5321), enhanced status code (RFC 3463), text."""

    code: int
    status: str
    text: str

    @property
    def accepted(self) -> bool:
        return self.code < 400

    def __str__(self) -> str:
        return f"{self.code} {self.status} {self.text}"

    @classmethod
    def parse(cls, line: str) -> Verdict:
        """From "550 5.1.1 No such mailbox here", as the SQL functions answer."""
        code, status, text = line.split(" ", 2)
        return cls(int(code), status, text)


OK = Verdict(250, "2.1.5", "OK")
SENDER_OK = Verdict(250, "2.1.0", "OK")
BAD_SENDER = Verdict(553, "5.1.7", "This sender address cannot be")
BAD_RECIPIENT = Verdict(553, "5.1.3", "This recipient address cannot be")
RELAY_DENIED = Verdict(554, "5.7.1", "Relay access denied")
NOT_SIGNED_IN = Verdict(553, "5.7.1", "Sender address belongs here: sign in to use it")
NOT_OWNED = Verdict(553, "5.7.1", "Sender address is not owned by this account")
MAY_NOT_SEND = Verdict(550, "5.7.1", "This account may not send mail")
INSIDE_ONLY = Verdict(550, "5.7.1", "This account may send inside its organization only")
RECEIVES_NOTHING = Verdict(550, "5.7.1", "This mailbox does not receive mail")
RECEIVES_INSIDE = Verdict(550, "5.7.1", "This mailbox receives mail from inside only")
BOUNCES_ONLY = Verdict(550, "5.7.1", "This address takes bounces only")
BOUNCE_FORGED = Verdict(550, "5.1.1", "This address for bounces is forged, or too old")
TOO_MANY_HOPS = Verdict(554, "5.4.6", "Too many hops")
MAILBOX_FULL = Verdict(552, "5.2.2", "Mailbox is full")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: account and organization only of somebody signed in."""

    envelope: str
    account_id: int | None = None
    organization_id: int | None = None
    send_scope: str = "all"
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """What mp_recipient knows of a typed address."""

    typed: str
    is_inside: bool
    refusal: str | None
    kind: str | None
    address_id: int | None
    account_id: int | None
    organization_id: int | None
    mailbox_id: int | None
    receive_scope: str | None
    quota_bytes: int | None
    usage_bytes: int | None


Rule = Callable[[Sender, Recipient, int], Verdict | None]
_rules: list[Rule] = []


def register_rule(rule: Rule) -> Rule:
    """Add a rule of a chapter above: (sender, recipient, size in bytes or 0) to a refusal or
    None. Rules run in the order of registration, after ours; the first refusal counts."""
    _rules.append(rule)
    return rule


def inside_sender(*, account_id: int, envelope: str, ip: str | None = None) -> Sender:
    """The sender that a signed-in account is."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.organization_id, coalesce(m.send_scope, 'none')
               FROM accounts_account a LEFT JOIN accounts_mailbox m ON m.account_id = a.id
               WHERE a.id = %s""",
            [account_id],
        )
        organization_id, send_scope = cursor.fetchone()
    return Sender(
        envelope=envelope,
        account_id=account_id,
        organization_id=organization_id,
        send_scope=send_scope,
        ip=ip,
    )


def judge_sender(sender: Sender) -> Verdict:
    """MAIL FROM: an own domain needs its owner signed in; who signed in uses own addresses."""
    if sender.account_id is None:
        return NOT_SIGNED_IN if is_ours(sender.envelope) else SENDER_OK
    if sender.send_scope == "none":
        return MAY_NOT_SEND
    return SENDER_OK if _owns(sender.account_id, sender.envelope) else NOT_OWNED


def judge_recipient(sender: Sender, address: str, *, size_bytes: int = 0) -> Verdict:
    """RCPT TO, one recipient: size_bytes as declared by the client, 0 if it was not."""
    if srs.is_rewritten(address):
        return _judge_bounce(sender, address)
    recipient = look_up(address)
    for rule in (_relay, _known, _send_scope, _receive_scope, _quota, *_rules):
        verdict = rule(sender, recipient, size_bytes)
        if verdict is not None:
            return verdict
    return OK


def _judge_bounce(sender: Sender, address: str) -> Verdict:
    if sender.envelope:
        return BOUNCES_ONLY
    return OK if srs.original(address) else BOUNCE_FORGED


def look_up(address: str) -> Recipient:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mp_recipient(%s)", [address])
        row = cursor.fetchone()
    return Recipient(address, *row)


def is_ours(address: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mp_domain(%s) IS NOT NULL", [address.rpartition("@")[2]])
        return bool(cursor.fetchone()[0])


def _owns(account_id: int, address: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM accounts_address WHERE address = mp_canonical(%s) AND account_id = %s",
            [address, account_id],
        )
        return cursor.fetchone() is not None


def _relay(sender: Sender, recipient: Recipient, _size: int) -> Verdict | None:
    return RELAY_DENIED if not recipient.is_inside and sender.account_id is None else None


def _known(_sender: Sender, recipient: Recipient, _size: int) -> Verdict | None:
    return Verdict.parse(recipient.refusal) if recipient.refusal else None


def _send_scope(sender: Sender, recipient: Recipient, _size: int) -> Verdict | None:
    if sender.send_scope == "internal" and not _same_organization(sender, recipient):
        return INSIDE_ONLY
    return None


def _receive_scope(sender: Sender, recipient: Recipient, _size: int) -> Verdict | None:
    if recipient.receive_scope == "none":
        return RECEIVES_NOTHING
    if recipient.receive_scope == "internal" and not _same_organization(sender, recipient):
        return RECEIVES_INSIDE
    return None


def _quota(_sender: Sender, recipient: Recipient, size: int) -> Verdict | None:
    if not recipient.quota_bytes:
        return None
    free = recipient.quota_bytes - (recipient.usage_bytes or 0)
    return MAILBOX_FULL if free <= 0 or size > free else None


def _same_organization(sender: Sender, recipient: Recipient) -> bool:
    return sender.organization_id is not None and (
        sender.organization_id == recipient.organization_id
    )
