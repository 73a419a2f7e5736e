"""Sender addresses for mail that is sent on to the outside (Sender Rewriting Scheme).

The next server asks whether our host may send for the domain of MAIL FROM (SPF); for a
stranger's it may not. So a stranger becomes SRS0=HASH=DAY=DOMAIN=LOCAL at our domain, to
which bounces come back and from where they go to the stranger; the hash says that we made
it. Of an address that another host has rewritten already, only the last host is replaced:
SRS1=HASH=HOST=… .
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

from django.conf import settings

from admin_platform.crypto import derived_secret

# Longer than any server keeps trying.
VALID_DAYS = 21
# Two letters of base32.
_DAYS = 1024
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_HASH_LENGTH = 8
_PLAIN = re.compile(r"[^\s\"\\()<>,;:@\[\]]+@[^\s\"\\()<>,;:@\[\]=]+")
_FIRST = re.compile(r"srs0(?P<rest>[=+-].+)@(?P<host>.+)", re.IGNORECASE)
_LATER = re.compile(r"srs1[=+-][^=]*=(?P<host>[^=]+)=(?P<rest>.+)@.+", re.IGNORECASE)
_OURS_0 = re.compile(r"srs0=([^=]*)=([a-z2-7]{2})=([^=]+)=(.+)@.+", re.IGNORECASE)
_OURS_1 = re.compile(r"srs1=([^=]*)=([^=]+)=(.+)@.+", re.IGNORECASE)


def is_rewritten(address: str) -> bool:
    """Whether it looks like one of ours; whether it is one, `original` says."""
    local, _, domain = address.lower().rpartition("@")
    return domain == settings.MAIL_SRS_DOMAIN and local.startswith(("srs0=", "srs1="))


def rewritten(address: str) -> str:
    """A stranger's address as one of ours; as it is where it has no such form."""
    if is_rewritten(address) or not _PLAIN.fullmatch(address):
        return address
    domain = settings.MAIL_SRS_DOMAIN
    if found := _FIRST.fullmatch(address) or _LATER.fullmatch(address):
        host, rest = found["host"], found["rest"]
        return f"SRS1={_hash('srs1', host, rest)}={host}={rest}@{domain}"
    local, _, host = address.rpartition("@")
    day = _day(_today())
    return f"SRS0={_hash('srs0', day, host, local)}={day}={host}={local}@{domain}"


def original(address: str) -> str | None:
    """Whose address was rewritten; None for what we have not made, or too long ago."""
    if not is_rewritten(address):
        return None
    if found := _OURS_0.fullmatch(address):
        shown, day, host, local = found.groups()
        is_valid = _is_ours(shown, "srs0", day, host, local) and _age(day.lower()) <= VALID_DAYS
        return f"{local}@{host}" if is_valid else None
    if found := _OURS_1.fullmatch(address):
        shown, host, rest = found.groups()
        return f"SRS0{rest}@{host}" if _is_ours(shown, "srs1", host, rest) else None
    return None


def _hash(*parts: str) -> str:
    """Of letters that survive a change of case on the way."""
    text = "=".join(parts).lower().encode()
    key = derived_secret("hash of rewritten senders").encode()
    digest = hmac.digest(key, text, hashlib.sha256)
    return base64.b32encode(digest).decode()[:_HASH_LENGTH].lower()


def _is_ours(shown: str, *parts: str) -> bool:
    return hmac.compare_digest(shown.lower().encode(), _hash(*parts).encode())


def _today() -> int:
    return int(datetime.now(UTC).timestamp()) // 86400 % _DAYS


def _day(number: int) -> str:
    return _ALPHABET[number >> 5] + _ALPHABET[number & 31]


def _age(day: str) -> int:
    then = (_ALPHABET.index(day[0]) << 5) + _ALPHABET.index(day[1])
    return (_today() - then) % _DAYS
