"""Postfix's policy delegation protocol (SMTPD_POLICY_README), and our answers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from admin_platform.client_address import plain_address
from mail_server.facts import Question
from mail_server.policy import Verdict

TRY_LATER = Verdict(451, "4.3.0", "Temporary failure, try again later")
END = b"\n\n"


@dataclass(frozen=True, slots=True)
class Request:
    """What Postfix asks at one RCPT."""

    question: Question
    size_bytes: int


def parse(request: bytes) -> Request:
    """From "name=value" lines; what is not known is passed over."""
    told = _attributes(request)
    size = told.get("size", "")
    login = told.get("sasl_username", "").lower()
    question = Question(
        login=login,
        envelope=told.get("sender", "").lower(),
        recipient=told.get("recipient", "").lower(),
        client=(plain_address(told.get("client_address")) or "") if login else "",
    )
    return Request(question, int(size) if size.isdecimal() else 0)


def _attributes(request: bytes) -> Mapping[str, str]:
    lines = request.decode("utf-8", "replace").replace("\x00", "").split("\n")
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def answer(verdict: Verdict) -> bytes:
    """DUNNO where we have nothing against it, so that the checks behind us still count."""
    return f"action={'DUNNO' if verdict.accepted else verdict}\n\n".encode()
