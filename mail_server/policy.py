"""Who may send what to whom: the one place that every mail plane asks.

Knows nothing of SMTP servers: facts in, verdicts out. An inside sender is the account that
signed in, never what MAIL FROM or From say; for the outside, MAIL FROM is all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from accounts.models import Account
from mail_server import srs
from mail_server.facts import Facts, Question, gather


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
SIGN_IN_FIRST = Verdict(530, "5.7.0", "Authentication required")
RELAY_DENIED = Verdict(554, "5.7.1", "Relay access denied")
NOT_SIGNED_IN = Verdict(553, "5.7.1", "Sender address belongs here: sign in to use it")
NOT_OWNED = Verdict(553, "5.7.1", "Sender address is not owned by this account")
MAY_NOT_SEND = Verdict(550, "5.7.1", "This account may not send mail")
INSIDE_ONLY = Verdict(550, "5.7.1", "This account may send inside its organization only")
RECEIVES_NOTHING = Verdict(550, "5.7.1", "This mailbox does not receive mail")
RECEIVES_INSIDE = Verdict(550, "5.7.1", "This mailbox receives mail from inside only")
BOUNCES_ONLY = Verdict(550, "5.7.1", "This address takes bounces only")
BOUNCE_FORGED = Verdict(550, "5.1.1", "This address for bounces is forged, or too old")
LIMIT_REACHED = Verdict(550, "5.7.1", "This account has reached its sending limit, try later")
NOT_FOR_THE_LIST = Verdict(550, "5.7.1", "You may not send to this mailing list")
TOO_MANY_HOPS = Verdict(554, "5.4.6", "Too many hops")
MAILBOX_FULL = Verdict(552, "5.2.2", "Mailbox is full")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: login (the account's address), account and organization only of somebody
    signed in."""

    envelope: str
    login: str = ""
    account_id: int | None = None
    organization_id: int | None = None
    ip: str | None = None


def inside_sender(*, account_id: int, envelope: str, ip: str | None = None) -> Sender:
    """The sender that a signed-in account is."""
    login, organization_id = Account.objects.values_list("address", "organization_id").get(
        pk=account_id
    )
    return Sender(
        envelope=envelope,
        login=login,
        account_id=account_id,
        organization_id=organization_id,
        ip=ip,
    )


def judge_sender(sender: Sender) -> Verdict:
    """MAIL FROM: an own domain needs its owner signed in; who signed in uses own addresses."""
    (facts,) = gather([Question(sender.login, sender.envelope)])
    return _first_refusal(SENDER_RULES, facts, 0) or SENDER_OK


def judge_recipient(sender: Sender, address: str, *, size_bytes: int = 0) -> Verdict:
    """RCPT TO, one recipient: size_bytes as declared by the client, 0 if it was not."""
    question = Question(sender.login, sender.envelope, address)
    (facts,) = gather([question])
    verdict = decide(question, facts, size_bytes=size_bytes)
    return take_recipient(facts.account_id, verdict) if counts(facts, verdict) else verdict


def decide(question: Question, facts: Facts, *, size_bytes: int = 0) -> Verdict:
    """The sender first, as MAIL comes before RCPT."""
    if refusal := _first_refusal(SENDER_RULES, facts, size_bytes):
        return refusal
    if srs.is_rewritten(question.recipient):
        return _judge_bounce(question)
    return _first_refusal(RECIPIENT_RULES, facts, size_bytes) or OK


def counts(facts: Facts, verdict: Verdict) -> bool:
    """Whether the recipient is one more of somebody who signed in."""
    return verdict.accepted and facts.account_id is not None


def take_recipient(account_id: int | None, verdict: Verdict) -> Verdict:
    """The verdict, with the recipient counted; another one where that is beyond the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mp_take_recipient(%s)", [account_id])
        return verdict if cursor.fetchone()[0] else LIMIT_REACHED


def is_ours(address: str) -> bool:
    (facts,) = gather([Question("", address)])
    return facts.envelope_is_ours


def _judge_bounce(question: Question) -> Verdict:
    if question.envelope:
        return BOUNCES_ONLY
    return OK if srs.original(question.recipient) else BOUNCE_FORGED


Rule = Callable[[Facts, int], Verdict | None]


def _first_refusal(rules: tuple[Rule, ...], facts: Facts, size: int) -> Verdict | None:
    for rule in rules:
        verdict = rule(facts, size)
        if verdict is not None:
            return verdict
    return None


def _session(facts: Facts, _size: int) -> Verdict | None:
    return SIGN_IN_FIRST if facts.must_leave else None


def _outsider(facts: Facts, _size: int) -> Verdict | None:
    return NOT_SIGNED_IN if not facts.is_signed_in and facts.envelope_is_ours else None


def _insider(facts: Facts, _size: int) -> Verdict | None:
    """An account that is gone since it signed in has no scope."""
    if not facts.is_signed_in:
        return None
    if facts.send_scope in {None, "none"}:
        return MAY_NOT_SEND
    return None if facts.envelope_is_own else NOT_OWNED


def _relay(facts: Facts, _size: int) -> Verdict | None:
    return RELAY_DENIED if not facts.is_inside and not facts.is_signed_in else None


def _known(facts: Facts, _size: int) -> Verdict | None:
    return Verdict.parse(facts.refusal) if facts.refusal else None


def _send_scope(facts: Facts, _size: int) -> Verdict | None:
    is_kept_in = facts.send_scope == "internal" and not _same_organization(facts)
    return INSIDE_ONLY if is_kept_in else None


def _receive_scope(facts: Facts, _size: int) -> Verdict | None:
    if facts.receive_scope == "none":
        return RECEIVES_NOTHING
    if facts.receive_scope == "internal" and not _same_organization(facts):
        return RECEIVES_INSIDE
    return None


def _quota(facts: Facts, size: int) -> Verdict | None:
    if not facts.quota_bytes:
        return None
    free = facts.quota_bytes - (facts.usage_bytes or 0)
    return MAILBOX_FULL if free <= 0 or size > free else None


def _list(facts: Facts, _size: int) -> Verdict | None:
    """Refuse whom the list does not let write (manual, 6.2)."""
    return NOT_FOR_THE_LIST if facts.list_takes is False else None


def _same_organization(facts: Facts) -> bool:
    return facts.sender_organization_id is not None and (
        facts.sender_organization_id == facts.organization_id
    )


SENDER_RULES: tuple[Rule, ...] = (_session, _outsider, _insider)
RECIPIENT_RULES: tuple[Rule, ...] = (_relay, _known, _send_scope, _receive_scope, _quota, _list)
