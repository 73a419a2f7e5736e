"""A stored message as a person reads it: decoded, its parts told apart, nothing trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from mail_server.stores.headers import decode_bytes, header, parse_message, people, text_of

TEXT_MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """index: its place among all parts of the message."""

    index: int
    name: str
    content_type: str
    content: bytes
    content_id: str = ""

    @property
    def size_bytes(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Letter:
    """text or html may be empty; inline holds the pictures that html names by cid."""

    subject: str
    sender: list[tuple[str, str]]
    to: list[tuple[str, str]]
    cc: list[tuple[str, str]]
    reply_to: list[tuple[str, str]]
    date: datetime | None
    message_id: str
    references: str
    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    inline: dict[str, Attachment] = field(default_factory=dict)


def read_letter(content: bytes) -> Letter:
    """Never raises for what is wrong with a message: mail comes as it comes."""
    message = parse_message(content)
    texts: dict[str, list[str]] = {"plain": [], "html": []}
    attachments: list[Attachment] = []
    inline: dict[str, Attachment] = {}
    for index, part in _leaves(message):
        shown = _shown_as(part)
        if shown in texts:
            texts[shown].append(_text(part))
            continue
        attachment = _attachment(index, part)
        if shown == "inline" and attachment.content_id:
            inline[attachment.content_id] = attachment
        else:
            attachments.append(attachment)
    return Letter(
        subject=header(message, "Subject"),
        sender=people(message, "From"),
        to=people(message, "To"),
        cc=people(message, "Cc"),
        reply_to=people(message, "Reply-To") or people(message, "From"),
        date=_date(message),
        message_id=header(message, "Message-ID"),
        references=header(message, "References"),
        text="\n".join(texts["plain"]),
        html="\n".join(texts["html"]),
        attachments=attachments,
        inline=inline,
    )


def attachment_of(content: bytes, index: int) -> Attachment | None:
    """One part of a message by its place; None where there is no such part."""
    message = parse_message(content)
    for place, part in _leaves(message):
        if place == index:
            return _attachment(place, part)
    return None


def _leaves(message: Message) -> Iterator[tuple[int, Message]]:
    """Parts that hold something; an enclosed message is one part and is not opened."""
    index = 0
    stack = [message]
    while stack:
        part = stack.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            stack.extend(reversed([p for p in payload if isinstance(p, Message)]))
            continue
        yield index, part
        index += 1


def _shown_as(part: Message) -> str:
    disposition = str(part.get("Content-Disposition", "")).lower()
    if disposition.startswith("attachment") or part.get_filename():
        has_id = part.get("Content-ID") and part.get_content_maintype() == "image"
        return "inline" if has_id else "attachment"
    if part.get_content_maintype() == "text" and part.get_content_subtype() in ("plain", "html"):
        return part.get_content_subtype()
    return "inline" if part.get("Content-ID") else "attachment"


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()
    if isinstance(inner, list):  # message/rfc822 and the like
        return b"\n".join(p.as_bytes() for p in inner if isinstance(p, Message))
    return str(inner or "").encode("utf-8", "surrogateescape")


def _text(part: Message) -> str:
    return decode_bytes(_payload(part), part.get_content_charset())[:TEXT_MAX_CHARACTERS]


def _attachment(index: int, part: Message) -> Attachment:
    name = text_of(part.get_filename() or "")
    content_type = part.get_content_type()
    if not name:
        name = "message.eml" if content_type == "message/rfc822" else f"part-{index + 1}"
    return Attachment(
        index=index,
        name=name.replace("\x00", "").replace("/", "_").replace("\\", "_")[:200],
        content_type=content_type,
        content=_payload(part),
        content_id=str(part.get("Content-ID", "")).strip("<> \t\r\n"),
    )


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError, IndexError):
        return None
