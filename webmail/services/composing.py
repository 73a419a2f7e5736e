"""Writing a message: from the form to MIME, and what a reply or forward begins with."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses, quote

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Account
from admin_platform.markup.text import text_of as text_of_html
from mail_server.stores.headers import header, parse_message, people
from webmail.services.reading import Attachment, Letter, read_letter

QUOTED_MAX_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was written; addresses as "Name <address>" or bare."""

    to: str
    cc: str
    bcc: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: str = ""

    @property
    def recipients(self) -> list[str]:
        found = getaddresses([self.to, self.cc, self.bcc])
        return list(dict.fromkeys(address.lower() for _name, address in found if address))


def build(written: Written, *, account: Account) -> EmailMessage:
    """The MIME message from the account's primary address. Bcc stays in, for drafts."""
    message = EmailMessage()
    message["From"] = Address(account.name, addr_spec=account.address)
    for name in ("to", "cc", "bcc"):
        if value := getattr(written, name):
            message[name.capitalize()] = _addresses(value)
    message["Subject"] = " ".join(written.subject.split())
    if written.in_reply_to:
        message["In-Reply-To"] = written.in_reply_to
        message["References"] = f"{written.references} {written.in_reply_to}".strip()
    message.set_content(written.text.replace("\r\n", "\n") + "\n")
    for attachment in written.attachments:
        maintype, _slash, subtype = _type_of(attachment).partition("/")
        message.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name
        )
    return message


def _addresses(text: str) -> list[Address]:
    return [
        Address(" ".join(name.split()), addr_spec=address)
        for name, address in getaddresses([text])
        if address
    ]


def _type_of(attachment: Attachment) -> str:
    if attachment.content_type and not attachment.content_type.startswith(("multipart", "message")):
        return attachment.content_type
    return mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"


def reply(letter: Letter, *, account: Account, to_all: bool) -> dict[str, str]:
    """What the form of a reply begins with."""
    own = {address.address for address in account.addresses.all()}
    everyone = [*letter.reply_to, *letter.to] if to_all else letter.reply_to
    return {
        "to": _joined(everyone, without=own) or _joined(letter.reply_to),
        "cc": _joined(letter.cc, without=own) if to_all else "",
        "subject": _prefixed(
            letter.subject, _("Re: "), ("re:", "答复：", "回复：", "答复:", "回复:")
        ),
        "text": f"\n\n{quoted(letter)}",
        "in_reply_to": letter.message_id,
        "references": letter.references,
    }


def forward(letter: Letter) -> dict[str, str]:
    """What the form of a forward begins with; its attachments come along."""
    return {
        "subject": _prefixed(letter.subject, _("Fwd: "), ("fwd:", "fw:", "转发：", "转发:")),
        "text": f"\n\n{quoted(letter)}",
    }


def plain_text(letter: Letter) -> str:
    return letter.text or text_of_html(letter.html)


def quoted(letter: Letter) -> str:
    """The text of a message with "> " before each line, below who wrote it when."""
    date = date_format(localtime(letter.date), "Y-m-d H:i") if letter.date else ""
    lines = plain_text(letter)[:QUOTED_MAX_CHARACTERS].strip().splitlines()
    head = _("%(date)s, %(sender)s wrote:") % {"date": date, "sender": _joined(letter.sender)}
    return "\n".join([head, *(f"> {line}" for line in lines)])


def _joined(pairs: Iterable[tuple[str, str]], without: Iterable[str] = ()) -> str:
    left_out = set(without)
    kept = {a.lower(): named(n, a) for n, a in pairs if "@" in a and a.lower() not in left_out}
    return ", ".join(kept.values())


def named(name: str, address: str) -> str:
    """As a person would type it; names with signs of the syntax in quotes (RFC 5322, 3.4)."""
    if set(name) & set('()<>[]:;@\\,."'):
        name = f'"{quote(name)}"'
    return f"{name} <{address}>" if name else address


def _prefixed(subject: str, prefix: str, known: tuple[str, ...]) -> str:
    return subject if subject.lower().startswith(known) else f"{prefix}{subject}"


def draft(content: bytes) -> dict[str, str]:
    """What the form of a stored draft begins with."""
    head = parse_message(content)
    letter = read_letter(content)
    return {
        "to": _joined(people(head, "To")),
        "cc": _joined(people(head, "Cc")),
        "bcc": _joined(people(head, "Bcc")),
        "subject": letter.subject,
        "text": letter.text.replace("\r\n", "\n").rstrip("\n"),
        "in_reply_to": header(head, "In-Reply-To"),
        "references": letter.references,
    }
