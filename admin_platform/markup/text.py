"""HTML to plain text and back."""

from __future__ import annotations

import re
from html import escape

from admin_platform.markup.tokens import Text, tokens

_PARAGRAPHS = frozenset({
    "blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul",
})  # fmt: skip
_LINES = frozenset({"br", "center", "dd", "div", "dt", "hr", "li", "tr"})


def text_of(html: str, *, limit: int = 1_000_000) -> str:
    """The HTML as one would read it aloud: paragraphs apart, list items on lines."""
    parts: list[str] = []
    size, depth_of_pre = 0, 0
    for token in tokens(html):
        if isinstance(token, Text):
            part = token.content if depth_of_pre else re.sub(r"\s+", " ", token.content)
        else:
            if token.name == "pre":
                depth_of_pre = max(0, depth_of_pre + (-1 if token.closes else 1))
            part = _break_of(token.name, token.closes)
        parts.append(part)
        size += len(part)
        if size > limit:
            break
    return _settled("".join(parts))[:limit]


def _break_of(name: str, closes: bool) -> str:
    if name in _PARAGRAPHS:
        return "\n\n"
    if name == "li" and not closes:
        return "\n- "
    if name in {"td", "th"} and not closes:
        return "\t"
    return "\n" if name in _LINES and not (closes and name == "li") else ""


def _settled(text: str) -> str:
    lines = [line.strip() for line in text.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def html_of(text: str) -> str:
    """Plain text as paragraphs: an empty line begins a new one."""
    text = text.replace("\r\n", "\n").strip("\n")
    if not text:
        return ""
    blocks = re.split(r"\n{2,}", escape(text, quote=False))
    return "".join(f"<p>{block}</p>" for block in blocks).replace("\n", "<br>")
