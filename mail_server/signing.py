"""DKIM signatures (RFC 6376) for mail that leaves the embedded server: Rspamd makes them else."""

from __future__ import annotations

import base64
import hashlib
import re
from email import message_from_bytes, policy
from email.utils import parseaddr
from typing import cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from security.models import DkimKey
from security.selectors.dkim import signing_key

# RFC 6376, 5.4.1: what a reader sees or answers to. Named once more than they are there,
# so that nobody can add another.
ONCE = (b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to")
AS_OFTEN_AS_THERE = (b"mime-version", b"content-type", b"content-transfer-encoding")
# As smtplib sends them.
_LINE_END = re.compile(rb"\r\n|\n|\r")


def signed(content: bytes, *, envelope_sender: str) -> bytes:
    """The message behind a signature of its domain; as it is where that has no key.

    Nobody signs for a domain that is not in the address which it may send from.
    """
    domain = _domain_in_from(content)
    key = signing_key(domain) if domain == envelope_sender.rpartition("@")[2].lower() else None
    if key is None:
        return content
    content = _LINE_END.sub(b"\r\n", content)
    return _signature(content, key) + b"\r\n" + content


def _domain_in_from(content: bytes) -> str:
    """Empty where From names nobody, or more than one."""
    found = message_from_bytes(content, policy=policy.compat32).get_all("From", [])
    address = parseaddr(str(found[0]))[1] if len(found) == 1 else ""
    return address.rpartition("@")[2].lower()


def _signature(content: bytes, key: DkimKey) -> bytes:
    head, _, body = content.partition(b"\r\n\r\n")
    headers = _headers(head)
    names = [name for name, _ in headers]
    listed = [name for name in ONCE for _ in range(names.count(name) + 1)]
    listed += [name for name in AS_OFTEN_AS_THERE for _ in range(names.count(name))]
    body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
    value = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain.name}; s={key.selector};\r\n"
        f"\th={':'.join(name.decode() for name in listed)};\r\n"
        f"\tbh={body_hash};\r\n\tb="
    ).encode()
    seal = _sealed(_to_sign(headers, listed) + relaxed_header(b"dkim-signature", value), key)
    return b"DKIM-Signature: " + value + b"\r\n\t".join(_pieces(seal))


def _headers(head: bytes) -> list[tuple[bytes, bytes]]:
    """Name in small letters and value, as they stand."""
    fields = (field.partition(b":") for field in re.split(rb"\r\n(?![ \t])", head))
    return [(name.strip().lower(), value) for name, _, value in fields]


def _to_sign(headers: list[tuple[bytes, bytes]], listed: list[bytes]) -> bytes:
    """Of headers alike the lowest first (5.4.2); what is not there adds nothing."""
    left = headers[::-1]
    chosen = []
    for name in listed:
        header = next((header for header in left if header[0] == name), None)
        if header is not None:
            left.remove(header)
            chosen.append(relaxed_header(*header) + b"\r\n")
    return b"".join(chosen)


def relaxed_header(name: bytes, value: bytes) -> bytes:
    """3.4.2"""
    return name + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()


def relaxed_body(body: bytes) -> bytes:
    """3.4.4"""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def _sealed(content: bytes, key: DkimKey) -> bytes:
    loaded = serialization.load_pem_private_key(key.private_key.encode(), password=None)
    private = cast("rsa.RSAPrivateKey", loaded)
    return base64.b64encode(private.sign(content, padding.PKCS1v15(), hashes.SHA256()))


def _pieces(seal: bytes) -> list[bytes]:
    return [seal[start : start + 72] for start in range(0, len(seal), 72)]
