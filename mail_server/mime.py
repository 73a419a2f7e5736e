"""Making messages: text in two forms, attachments, headers that nothing can be smuggled into."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from django.conf import settings
from django.utils.timezone import localtime

OCTETS = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way out; content_type as somebody claimed it, or empty."""

    name: str
    content_type: str
    content: bytes


def compose(
    *,
    sender: Address,
    to: Sequence[Address],
    subject: str,
    text: str,
    html: str = "",
    cc: Sequence[Address] = (),
    files: Iterable[File] = (),
    message_id: str = "",
    date: datetime | None = None,
) -> EmailMessage:
    """A message with Date (now) and Message-ID (a new one), where none are given.

    Base64 throughout: no server on the way has to encode it again.
    """
    message = EmailMessage()
    message["From"] = sender
    for name, people in (("To", to), ("Cc", cc)):
        if people:
            message[name] = list(people)
    message["Subject"] = one_line(subject)
    message["Date"] = localtime(date)
    message["Message-ID"] = message_id or make_msgid(domain=settings.MAIL_HOST_NAME)
    message.set_content(text.replace("\r\n", "\n") + "\n", cte="base64")
    if html:
        message.add_alternative(html, subtype="html", cte="base64")
    for file in files:
        maintype, subtype = type_of(file)
        message.add_attachment(
            file.content, maintype=maintype, subtype=subtype, filename=one_line(file.name)
        )
    return message


def type_of(file: File) -> tuple[str, str]:
    """What the file is said to be; never something that a reader would open up as mail."""
    claimed = file.content_type.lower()
    if not _TYPE.fullmatch(claimed) or claimed.startswith(("multipart/", "message/")):
        claimed = mimetypes.guess_type(file.name)[0] or OCTETS
    maintype, _slash, subtype = claimed.partition("/")
    return (maintype, subtype) if maintype != "message" else ("application", "octet-stream")


def one_line(text: str) -> str:
    """Header values are lines: control characters and breaks become spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def person(name: str, address: str) -> Address:
    return Address(one_line(name), addr_spec=address)
