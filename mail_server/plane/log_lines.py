"""What the lines of Postfix's log say, as far as they tell of messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

# "Nov 25 12:30:01 mx postfix/submission/smtpd[123]: …", in UTC (main.cf, import_environment).
_LINE = re.compile(
    r"(?P<stamp>\w{3} [ \d]\d \d\d:\d\d:\d\d) \S+ "
    r"postfix(?:/(?P<service>[\w-]+))?/(?P<program>[\w-]+)\[\d+\]: (?P<text>.*)"
)
_QUEUED = re.compile(r"(?P<queue_id>[0-9A-Za-z]{6,32}): (?P<text>.*)")
_CLIENT = re.compile(
    r"client=[^\[]*\[(?P<ip>[0-9A-Fa-f.:]+)\](?:.*, sasl_username=(?P<login>[^\s,]+))?"
)
_MESSAGE_ID = re.compile(r"message-id=(?P<message_id>\S.*)")
_ACCEPTED = re.compile(r"from=<(?P<sender>.*?)>, size=(?P<size>\d+), nrcpt=\d+ \(queue active\)")
# Without a gap: the reason is a stranger's, and could say "status=sent" itself.
_OUTCOME = re.compile(
    r"to=<(?P<recipient>.*?)>, (?:orig_to=<(?P<original>.*?)>, )?relay=(?P<relay>[^,]+), "
    r"(?:conn_use=\d+, )?delay=[\d.]+, delays=[\d./]+, "
    r"dsn=(?P<dsn>[\d.]+), status=(?P<status>\w+) \((?P<reason>.*)\)"
)
_REFUSED = re.compile(
    r"(?:milter-)?reject: (?P<stage>[\w-]+) from [^\[]*\[(?P<ip>[0-9A-Fa-f.:]+)\]: "
    r"(?P<reason>.*?); from=<(?P<sender>.*?)>(?: to=<(?P<recipient>.*?)>)? proto="
)
_DSN = re.compile(r"(?:[45]\d\d )?([45]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"[45]")
# What only somebody who has signed in is told: whose the sender address is, is then clear.
_FROM_INSIDE = "Recipient address rejected: "
_NOT_OWNED = "Sender address is not owned"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Client:
    ip: str
    login: str


@dataclass(frozen=True, slots=True)
class MessageId:
    message_id: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Also told again at each later attempt."""

    sender: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """status: in Postfix's words, "sent", "deferred", "bounced"."""

    recipient: str
    original_recipient: str
    relay: str
    dsn: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """is_final: 5xx, not 4xx. is_whole: of the message, not of one recipient; there is
    nothing of it left in the queue. login: of a member, where the line tells."""

    ip: str
    sender: str
    recipient: str
    login: str
    dsn: str
    reason: str
    is_final: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Removed:
    pass


Fact = Client | MessageId | Accepted | Outcome | Refusal | Removed


@dataclass(frozen=True, slots=True)
class Line:
    """stamp: "Nov 25 12:30:01". queue_id: empty before there is one. fact: None for the
    many lines that tell of no message."""

    stamp: str
    queue_id: str = ""
    fact: Fact | None = None


def parse(text: str) -> Line | None:
    """None for what Postfix has not written."""
    line = _LINE.fullmatch(text)
    if line is None:
        return None
    said, queue_id = line["text"], ""
    if said.startswith("NOQUEUE: "):
        said = said.removeprefix("NOQUEUE: ")
    elif queued := _QUEUED.fullmatch(said):
        said, queue_id = queued["text"], queued["queue_id"]
    else:
        return Line(line["stamp"])
    fact = _fact(line["program"], line["service"] or "", said)
    return Line(line["stamp"], queue_id, fact)


def _fact(program: str, service: str, said: str) -> Fact | None:
    if said == "removed":
        return Removed()
    if found := _CLIENT.match(said):
        return Client(found["ip"], found["login"] or "")
    if found := _MESSAGE_ID.fullmatch(said):
        return MessageId(found["message_id"])
    if found := _ACCEPTED.match(said):
        return Accepted(found["sender"], int(found["size"]))
    # A list without members is thrown away: nobody was to get it.
    if (found := _OUTCOME.match(said)) and program != "discard":
        # What was handed on to ourselves goes on under another queue ID.
        is_handed_on = service == "forward" and found["status"] == "sent"
        return None if is_handed_on else _outcome(found)
    if found := _REFUSED.match(said):
        return _refusal(found, is_submission=service == "submission")
    return None


def _outcome(found: re.Match[str]) -> Outcome:
    relay = "" if found["relay"] == "none" else found["relay"]
    return Outcome(
        found["recipient"],
        found["original"] or found["recipient"],
        relay,
        found["dsn"],
        found["status"],
        found["reason"],
    )


def _refusal(found: re.Match[str], *, is_submission: bool) -> Refusal:
    reason = found["reason"]
    is_members = is_submission and _FROM_INSIDE in reason and _NOT_OWNED not in reason
    status, code = _DSN.match(reason), _CODE.match(reason)
    return Refusal(
        ip=found["ip"],
        sender=found["sender"],
        recipient=found["recipient"] or "",
        login=found["sender"] if is_members else "",
        dsn=status[1] if status else "",
        reason=reason,
        is_final=code is not None and code[0] == "5",
        is_whole=found["stage"] == "END-OF-MESSAGE",
    )


# Many lines have the same second.
@lru_cache(maxsize=16)
def time_of(stamp: str, *, now: datetime) -> datetime:
    """The time of a line, which has no year: of those that can be, the last one."""
    month, day, clock = stamp.split()
    hour, minute, second = (int(part) for part in clock.split(":"))
    values = (_MONTHS.index(month) + 1, int(day), hour, minute, second)
    for year in (now.year + 1, now.year, now.year - 1):
        try:
            at = datetime(year, *values, tzinfo=UTC)
        except ValueError:  # February 29
            continue
        if at <= now + timedelta(days=1):
            return at
    return now
