"""Tags brought into order: each closed, none misnested, none deeper than a page needs.

The cleaner builds a tree, and its time grows with length times depth: half a megabyte of
"<div>" without an end keeps it busy for minutes. What comes out of here is flat enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from html import escape

from admin_platform.markup.tokens import Tag, Text, attribute_pairs, tokens

MAX_DEPTH = 100
MAX_TAGS = 50_000

VOID = frozenset({"br", "col", "hr", "img", "wbr"})
# HTML, 13.2.6.4.7: these end a paragraph that is open.
_BLOCKS = frozenset({
    "blockquote", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "table", "ul",
})  # fmt: skip
# What an opening tag closes first, and how far up it looks for it.
_CLOSES = {
    "li": ({"li"}, {"ol", "ul"}),
    "dt": ({"dd", "dt"}, {"dl"}),
    "dd": ({"dd", "dt"}, {"dl"}),
    "tr": ({"caption", "colgroup", "td", "th", "tr"}, {"table"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "tbody": ({"caption", "colgroup", "tbody", "tfoot", "thead"}, {"table"}),
    "thead": ({"caption", "colgroup", "tbody", "tfoot", "thead"}, {"table"}),
    "tfoot": ({"caption", "colgroup", "tbody", "tfoot", "thead"}, {"table"}),
    "a": ({"a"}, {"table", "td", "th"}),
}
_TABLE_PARTS = frozenset({
    "caption", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
_CELLS = frozenset({"caption", "table", "td", "th"})


def tidy(html: str, *, tags: Iterable[str]) -> str:
    """The HTML with the given tags only, balanced; the text of all others stays."""
    return _Writer(frozenset(tags)).write(html)


class _Writer:
    def __init__(self, tags: frozenset[str]) -> None:
        self.tags = tags
        self.parts: list[str] = []
        self.open: list[str] = []
        self.counts: Counter[str] = Counter()
        # Elements left out for their depth, whose closing tags must be left out too.
        self.skipped: Counter[str] = Counter()

    def write(self, html: str) -> str:
        seen = 0
        for token in tokens(html):
            if isinstance(token, Text):
                self.parts.append(escape(token.content, quote=False))
            elif token.name in self.tags:
                seen += 1
                if seen > MAX_TAGS:
                    break
                if token.closes:
                    self._close(token.name)
                else:
                    self._start(token)
        self._pop_to(0)
        return "".join(self.parts)

    def _start(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self._pop_to(self._find({"p"}, _CELLS))
        if tag.name in _CLOSES:
            self._pop_to(self._find(*_CLOSES[tag.name], outermost=True))
        if tag.name not in VOID:
            if len(self.open) >= MAX_DEPTH:
                self.skipped[tag.name] += 1
                return
            self.open.append(tag.name)
            self.counts[tag.name] += 1
        written = "".join(f' {name}="{escape(value)}"' for name, value in attribute_pairs(tag))
        self.parts.append(f"<{tag.name}{written}>")

    def _close(self, name: str) -> None:
        if self.skipped[name]:
            self.skipped[name] -= 1
        else:
            boundary = {"table"} - {name} if name in _TABLE_PARTS else _CELLS
            self._pop_to(self._find({name}, boundary))

    def _find(self, names: Set[str], boundary: Set[str], *, outermost: bool = False) -> int:
        """The place of an open element within the boundary; behind the last for none."""
        found = len(self.open)
        if not any(self.counts[name] for name in names):
            return found
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place] in names:
                found = place
                if not outermost:
                    break
            elif self.open[place] in boundary:
                break
        return found

    def _pop_to(self, place: int) -> None:
        while len(self.open) > place:
            name = self.open.pop()
            self.counts[name] -= 1
            self.parts.append(f"</{name}>")
