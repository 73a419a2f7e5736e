"""Postfix's policy delegation protocol (SMTPD_POLICY_README), and our answers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mail_server.policy import Verdict

TRY_LATER = Verdict(451, "4.3.0", "Temporary failure, try again later")


@dataclass(frozen=True, slots=True)
class Request:
    """What Postfix tells of one RCPT. login: the address of the account that signed in."""

    login: str
    sender: str
    recipient: str
    size_bytes: int
    client_ip: str | None


def parse(lines: list[bytes]) -> Request:
    """From "name=value" lines; what is not known is passed over."""
    told = _attributes(lines)
    size = told.get("size", "")
    return Request(
        login=told.get("sasl_username", "").lower(),
        sender=told.get("sender", "").lower(),
        recipient=told.get("recipient", "").lower(),
        size_bytes=int(size) if size.isdecimal() else 0,
        client_ip=told.get("client_address") or None,
    )


def _attributes(lines: list[bytes]) -> Mapping[str, str]:
    pairs = (line.decode("utf-8", "replace").partition("=") for line in lines)
    return {name: value.replace("\x00", "") for name, _, value in pairs}


def answer(verdict: Verdict) -> bytes:
    """DUNNO where we have nothing against it, so that the checks behind us still count."""
    return f"action={'DUNNO' if verdict.accepted else verdict}\n\n".encode()
