"""HTML as a flat run of tags and text, in time that grows with its length only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

# Possessive throughout: every alternative that begins a tag also ends one, at the end of
# the text if need be, so nothing is ever scanned twice. A quote counts after "=" only.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+)(?:>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[a-zA-Z][a-zA-Z-]*+)(?:\s*+=\s*+(?P<value>\"[^\"]*+\"?|'[^']*+'?|[^\s>\"']++))?"
)
# Their content is no text of the page.
HIDDEN = frozenset({
    "applet", "audio", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video",
    "xmp",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, entities resolved."""

    content: str


@dataclass(frozen=True, slots=True)
class Tag:
    """attributes: as written; see attribute_pairs."""

    name: str
    closes: bool = False
    attributes: str = ""


def tokens(html: str) -> Iterator[Text | Tag]:
    """Tags and the text between them; what is never shown (HIDDEN, comments) left out."""
    place = 0
    while match := _TOKEN.search(html, place):
        if match.start() > place:
            yield Text(unescape(html[place : match.start()]))
        place = match.end()
        name = (match["name"] or "").lower()
        if name in HIDDEN:
            place = place if match["slash"] else _end_of(name, html, place)
        elif name:
            yield Tag(name, bool(match["slash"]), match["attributes"])
    if place < len(html):
        yield Text(unescape(html[place:]))


def _end_of(name: str, html: str, start: int) -> int:
    """Where the content of a hidden element ends: with the text if it is never closed."""
    found = re.compile(f"</{name}", re.IGNORECASE | re.ASCII).search(html, start)
    return found.start() if found else len(html)


def attribute_pairs(tag: Tag) -> list[tuple[str, str]]:
    return [
        (match["name"].lower(), unescape(_unquoted(match["value"] or "")))
        for match in _ATTRIBUTE.finditer(tag.attributes)
    ]


def _unquoted(value: str) -> str:
    quote = value[:1] if value[:1] in {'"', "'"} else ""
    return value[1:].removesuffix(quote) if quote else value
