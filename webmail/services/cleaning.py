"""Foreign HTML made harmless: no script, no form, no style that reaches out, no picture
from elsewhere until its reader asks for it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3

from admin_platform.markup.tidy import tidy
from webmail.services.reading import Attachment

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd",
    "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strike", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "col": {"span", "width"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "height", "rowspan", "width"},
    "th": {"colspan", "height", "rowspan", "width"},
}
# None of these takes url(); "background" and "position" are left out on purpose.
STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color",
    "border-left", "border-radius", "border-right", "border-spacing", "border-style",
    "border-top", "border-width", "color", "direction", "font", "font-family", "font-size",
    "font-style", "font-weight", "height", "letter-spacing", "line-height", "list-style-type",
    "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
    "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top",
    "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align",
    "white-space", "width", "word-break",
}  # fmt: skip
# What makes a value fetch something or hide that it does; escapes have no use in mail.
_REACHES_OUT = re.compile(
    r"\\|@|(url|src|image|image-set|expression|element|var|env|attr)\s*\(", re.IGNORECASE
)
LINKS = {"http", "https", "mailto", "tel"}
INLINE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
INLINE_MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """held_back: how many pictures from elsewhere were left out."""

    html: str
    held_back: int


def clean_html(
    html: str, *, inline: Mapping[str, Attachment] | None = None, remote_pictures: bool = False
) -> CleanHtml:
    """Clean a message's HTML; pictures named by cid are written into it as data."""
    held_back = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal held_back
        if name == "style":
            return _harmless_style(value)
        kind, _, rest = value.strip().partition(":")
        if name == "href":
            # A link without a scheme would lead into our own pages.
            return value if kind.lower() in LINKS else None
        if name != "src":
            return value
        if kind.lower() == "cid":
            return _as_data((inline or {}).get(rest))
        if kind.lower() in {"http", "https"} and remote_pictures:
            return value
        held_back += kind.lower() in {"http", "https"}
        return None

    cleaned = nh3.clean(
        tidy(html, tags=TAGS),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        filter_style_properties=STYLES,
        url_schemes={*LINKS, "cid"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )
    return CleanHtml(cleaned, held_back)


def _harmless_style(value: str) -> str:
    """Without declarations that reach out; the names of the others are looked at after this."""
    return ";".join(part for part in value.split(";") if not _REACHES_OUT.search(part))


def _as_data(picture: Attachment | None) -> str | None:
    if (
        picture is None
        or picture.content_type not in INLINE_TYPES
        or picture.size_bytes > INLINE_MAX_BYTES
    ):
        return None
    encoded = base64.b64encode(picture.content).decode()
    return f"data:{picture.content_type};base64,{encoded}"
