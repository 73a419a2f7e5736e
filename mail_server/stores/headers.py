"""Reading the headers of messages as they come: broken, unencoded, in old charsets."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from email.utils import getaddresses
from typing import BinaryIO

from admin_platform.markup.text import text_of as text_of_html
from mail_server.stores.base import Envelope

HEAD_MAX_BYTES = 256 * 1024
SEARCHED_TEXT_MAX_BYTES = 512 * 1024
# Tried in this order when a message does not say, or lies: mail here is Chinese or UTF-8.
PREVIEW_MAX_BYTES = 16 * 1024
# RFC 8970, 3.1: at most 256 characters, 200 recommended.
PREVIEW_MAX_CHARACTERS = 200
# What programs call by the narrower name, and fill beyond it.
WIDER_CHARSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "cp950",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
}
FALLBACK_CHARSETS = ("utf-8", "gb18030", "latin-1")


class LenientPolicy(Compat32):
    """Headers with bare 8-bit bytes, as old programs write them, are guessed, not blotted out."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        if any("\udc80" <= char <= "\udcff" for char in value):
            return decode_bytes(value.encode("utf-8", "surrogateescape"))
        return value


LENIENT = LenientPolicy()


def parse_message(content: bytes) -> Message:
    """The message, or one opaque part where it is nested deeper than the parser can go."""
    try:
        return BytesParser(policy=LENIENT).parsebytes(content)
    except RecursionError:
        return BytesHeaderParser(policy=LENIENT).parsebytes(content)


def read_head(stream: BinaryIO) -> bytes:
    """The header block with the empty line that ends it."""
    lines, size = [], 0
    for line in stream:
        size += len(line)
        if size > HEAD_MAX_BYTES:
            break
        lines.append(line)
        if line in (b"\n", b"\r\n"):
            break
    return b"".join(lines)


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
    for candidate in _candidates(charset):
        try:
            return content.decode(candidate)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def decode_beginning(content: bytes, charset: str | None = None) -> str:
    """The same for text that may be cut within a character."""
    for candidate in _candidates(charset):
        try:
            return codecs.getincrementaldecoder(candidate)().decode(content)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _candidates(charset: str | None) -> tuple[str, ...]:
    claimed = (charset or "").lower()
    return (WIDER_CHARSETS.get(claimed, claimed), *FALLBACK_CHARSETS)


def preview_of(content: bytes) -> str:
    """How the text of a message begins (RFC 8970); content may be cut anywhere."""
    html = ""
    for part in parse_message(content).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_maintype() != "text" or part.get_filename():
            continue
        if isinstance(payload, bytes):
            text = decode_beginning(payload, part.get_content_charset())
            if part.get_content_subtype() != "html":
                return _shortened(text)
            html = html or text_of_html(text)
    return _shortened(html)


def _shortened(text: str) -> str:
    return " ".join(text[: PREVIEW_MAX_CHARACTERS * 8].split())[:PREVIEW_MAX_CHARACTERS]


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
    preview: str = "",
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
        preview=preview,
    )


def searchable_text(content: bytes) -> str:
    """Subject, addresses and the beginning of the text of a message."""
    message = parse_message(content)
    fields = [header(message, name) for name in ("Subject", "From", "To", "Cc")]
    texts = [
        decode_bytes(payload[:SEARCHED_TEXT_MAX_BYTES], part.get_content_charset())
        for part in message.walk()
        if part.get_content_maintype() == "text"
        and isinstance(payload := part.get_payload(decode=True), bytes)
    ]
    return "\n".join([*fields, *texts])
