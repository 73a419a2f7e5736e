"""Reading the headers of messages as they come: broken, unencoded, in old charsets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import BinaryIO

from mail_server.stores.base import Envelope

HEAD_MAX_BYTES = 256 * 1024
SEARCHED_TEXT_MAX_BYTES = 512 * 1024
# Tried in this order when a message does not say, or lies: mail here is Chinese or UTF-8.
FALLBACK_CHARSETS = ("utf-8", "gb18030", "latin-1")


def read_head(stream: BinaryIO) -> Message:
    lines, size = [], 0
    for line in stream:
        size += len(line)
        if line in (b"\n", b"\r\n") or size > HEAD_MAX_BYTES:
            break
        lines.append(line)
    return BytesHeaderParser(policy=compat32).parsebytes(b"".join(lines))


def header(message: Message, name: str) -> str:
    """A header's value as people read it; "" where there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """All values of a header. Read raw: the parsed ones have lost bare 8-bit bytes."""
    wanted = name.lower()
    return [text_of(str(v)) for n, v in message.raw_items() if n.lower() == wanted]


def text_of(value: str) -> str:
    """RFC 2047 decoded, bare 8-bit bytes guessed."""
    if any("\udc80" <= char <= "\udcff" for char in value):
        return decode_bytes(value.encode("ascii", "surrogateescape"))
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    text = "".join(
        decode_bytes(part, charset) if isinstance(part, bytes) else part for part, charset in parts
    )
    return re.sub(r"[\r\n\t]+ ?", " ", text).strip()


def decode_bytes(content: bytes, charset: str | None = None) -> str:
    """Text in the charset it claims, else in whichever fits."""
    claimed = (charset or "").lower().replace("gb2312", "gb18030").replace("gbk", "gb18030")
    for candidate in (claimed, *FALLBACK_CHARSETS):
        try:
            return content.decode(candidate)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def people(head: Message, *fields: str) -> list[tuple[str, str]]:
    """(name, address) pairs of address headers."""
    values = [value for field in fields for value in headers(head, field)]
    return [(name, address) for name, address in getaddresses(values) if name or address]


def envelope(
    head: Message,
    *,
    key: str,
    folder: str,
    flags: frozenset[str],
    size_bytes: int,
    arrived: int,
) -> Envelope:
    kind = str(head.get("Content-Type", "")).lower()
    return Envelope(
        key=key,
        folder=folder,
        subject=header(head, "Subject"),
        sender=", ".join(name or address for name, address in people(head, "From")),
        recipients=", ".join(name or address for name, address in people(head, "To", "Cc")),
        date=datetime.fromtimestamp(arrived, UTC),
        size_bytes=size_bytes,
        flags=flags,
        has_attachments=kind.startswith("multipart/mixed"),
    )


def searchable_text(content: bytes) -> str:
    """Subject, addresses and the beginning of the text of a message."""
    message = BytesParser(policy=compat32).parsebytes(content)
    fields = [header(message, name) for name in ("Subject", "From", "To", "Cc")]
    texts = [
        decode_bytes(payload[:SEARCHED_TEXT_MAX_BYTES], part.get_content_charset())
        for part in message.walk()
        if part.get_content_maintype() == "text"
        and isinstance(payload := part.get_payload(decode=True), bytes)
    ]
    return "\n".join([*fields, *texts])
