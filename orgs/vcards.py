"""Contacts as vCards: version 3.0 (RFC 2426) is written, 3.0 and 4.0 (RFC 6350) are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from admin_platform.spreadsheets import Values
from admin_platform.spreadsheets.errors import EmptyTable, TooManyRows
from admin_platform.spreadsheets.text import open_text
from orgs.models import Contact

HEAD_BYTES = 4096
VCARD_TYPE = "text/vcard; charset=utf-8"
# The parser takes two milliseconds for one.
MAX_CARDS = 5_000

_CARD = re.compile(r"^BEGIN:VCARD\s*$.*?^END:VCARD\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)


def is_vcards(file: IO[bytes]) -> bool:
    """Whether a file holds vCards, by its beginning."""
    file.seek(0)
    head = file.read(HEAD_BYTES).replace(b"\x00", b"").upper()
    file.seek(0)
    return b"BEGIN:VCARD" in head


def read_cards(file: IO[bytes]) -> Iterator[Values]:
    """The cards as rows, numbered from 1; one that cannot be read has no texts.

    Raises SpreadsheetRefused for an unknown encoding, no card, and too many of them.
    """
    cards = _CARD.findall(open_text(file).read())
    if not cards:
        raise EmptyTable
    if len(cards) > MAX_CARDS:
        raise TooManyRows(MAX_CARDS)
    for number, text in enumerate(cards, 1):
        yield Values(number, _readable(text))


def _readable(text: str) -> dict[str, str]:
    # Slow to import, and seldom needed.
    from vobject.base import readOne

    try:
        card = readOne(text, allowQP=True, ignoreUnreadable=True)  # type: ignore[no-untyped-call]
        return _texts(card)
    except Exception:  # the parser lets through whatever went wrong in it
        return {}


def _texts(card: Any) -> dict[str, str]:
    phones = _phones(card)
    organization, categories = _first(card, "org") or [], _first(card, "categories") or []
    return {
        "name": _name(card),
        "addresses": ", ".join(_all(card, "email")),
        "mobile": next((number for number, is_mobile in phones if is_mobile), ""),
        "phone": next((number for number, is_mobile in phones if not is_mobile), ""),
        "company": " ".join(part for part in organization if part),
        "title": _first(card, "title") or "",
        "group": categories[0] if categories else "",
        "note": _first(card, "note") or "",
    }


def _all(card: Any, name: str) -> list[str]:
    return [line.value.strip() for line in card.contents.get(name, []) if line.value.strip()]


def _first(card: Any, name: str) -> Any:
    lines = card.contents.get(name)
    return lines[0].value if lines else None


def _name(card: Any) -> str:
    if name := _first(card, "fn"):
        return str(name)
    parts = _first(card, "n")
    if parts is None:
        return ""
    # Chinese names are written without a blank, the family's first.
    glue = "" if re.match(r"[\u3400-\u9fff]", parts.family) else " "
    order = (parts.family, parts.given) if not glue else (parts.given, parts.family)
    return glue.join(part for part in order if part)


def _phones(card: Any) -> list[tuple[str, bool]]:
    """Numbers, and whether each is a mobile one."""
    found = []
    for line in card.contents.get("tel", []):
        kinds = ",".join(line.params.get("TYPE", [])).lower().split(",")
        # In version 4.0 it may be an address as in RFC 3966: tel:+86-139;ext=1.
        number = line.value.strip().removeprefix("tel:").partition(";")[0]
        found.append((number, "cell" in kinds))
    return found


def card_of(contact: Contact) -> str:
    import vobject

    card: Any = vobject.vCard()  # type: ignore[no-untyped-call]
    card.add("n").value = vobject.vcard.Name(family=contact.name)  # type: ignore[no-untyped-call]
    card.add("fn").value = contact.name
    for address in contact.addresses:
        _add(card, "email", address, "INTERNET")
    _add(card, "tel", contact.mobile, "CELL")
    _add(card, "tel", contact.phone, "WORK")
    if contact.company:
        card.add("org").value = [contact.company]
    _add(card, "title", contact.title)
    _add(card, "note", contact.note)
    if contact.group:
        card.add("categories").value = [contact.group.name]
    return str(card.serialize())


def _add(card: Any, name: str, value: str, kind: str = "") -> None:
    if not value:
        return
    line = card.add(name)
    line.value = value
    if kind:
        line.type_param = kind
