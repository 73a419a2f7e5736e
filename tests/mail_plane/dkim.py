"""Verifying a DKIM signature as a receiver does (RFC 6376): relaxed, RSA, SHA-256."""

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

HEADER = "dkim-signature"


def signature(content):
    """The tags of the signature (3.5)."""
    return _tags(dict(_headers(content))[HEADER])


def proves(zone, content):
    """Whether body and headers are those that were signed, by the record in the zone."""
    headers = _headers(content)
    raw = dict(headers)[HEADER]
    tags = _tags(raw)
    assert (tags["a"], tags["c"]) == ("rsa-sha256", "relaxed/relaxed")
    if base64.b64decode(tags["bh"]) != hashlib.sha256(_body(content)).digest():
        return False
    unsigned = re.sub(r"(\bb=)[^;]*", r"\1", raw)
    signed = _signed(headers, tags["h"].lower().split(":")) + _relaxed(HEADER, unsigned)
    key = _public_key(zone, f"{tags['s']}._domainkey.{tags['d']}")
    try:
        key.verify(
            base64.b64decode(tags["b"]), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True


def _headers(content):
    """Name in small letters and value, as they stand."""
    head = content.partition(b"\r\n\r\n")[0].decode()
    fields = re.split(r"\r\n(?![ \t])", head)
    return [(name.lower().strip(), value) for name, _, value in (f.partition(":") for f in fields)]


def _tags(value):
    pairs = (tag.partition("=") for tag in re.sub(r"\s", "", value).split(";"))
    return {name: text for name, _, text in pairs}


def _signed(headers, names):
    """Each name takes the lowest header of it that is left; there may be none (5.4.2)."""
    left, found = list(reversed(headers)), []
    for name in names:
        header = next((header for header in left if header[0] == name), None)
        if header is not None:
            left.remove(header)
            found.append(_relaxed(*header) + "\r\n")
    return "".join(found)


def _relaxed(name, value):
    """3.4.2"""
    return f"{name}:" + re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip()


def _body(content):
    """3.4.4"""
    lines = content.partition(b"\r\n\r\n")[2].split(b"\r\n")
    text = b"\r\n".join(re.sub(rb"[ \t]+", b" ", line).rstrip() for line in lines)
    return text.rstrip(b"\r\n") + b"\r\n" if text.strip() else b""


def _public_key(zone, name):
    record = zone[name, "TXT"][0].replace('" "', "").strip('"')
    return serialization.load_der_public_key(base64.b64decode(_tags(record)["p"]))
