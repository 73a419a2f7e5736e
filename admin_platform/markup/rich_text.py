"""Text that people write with bold, lists and links: its field, its editor, its cleaning."""

from __future__ import annotations

from typing import Any

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admin_platform.markup.text import html_of, text_of
from admin_platform.markup.tidy import tidy

# Of django-prose-editor, whose module the page's script loads.
EXTENSIONS: dict[str, Any] = {
    "Document": True,
    "Text": True,
    "Paragraph": True,
    "History": True,
    "Menu": True,
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Strike": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
}
TAGS = {
    "a", "b", "blockquote", "br", "em", "h2", "h3", "hr", "i", "li", "ol", "p", "s", "strong",
    "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
MAX_CHARACTERS = 200_000

# What the editor calls its buttons and dialogs; it knows no Chinese by itself.
WORDS = {
    "bold": _("Bold"),
    "italic": _("Italic"),
    "underline": _("Underline"),
    "strike": _("Strike through"),
    "paragraph": _("Paragraph"),
    "heading 2": _("Heading"),
    "heading 3": _("Small heading"),
    "blockquote": _("Quotation"),
    "bulletList": _("Bullet list"),
    "orderedList": _("Numbered list"),
    "horizontalRule": _("Line across"),
    "link": _("Link"),
    "addLink": _("Link"),
    "removeLink": _("Remove link"),
    "unlink": _("Remove link"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "Edit Link": _("Link"),
    "List properties": _("Numbered list"),
    "Title": _("Hint"),
    "Update": _("Apply"),
    "Cancel": _("Cancel"),
}


def clean_rich_text(html: str) -> str:
    """What the editor can make and nothing else; "" where no text is left."""
    cleaned = nh3.clean(
        tidy(html, tags=TAGS),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return cleaned if text_of(cleaned) else ""


class RichText(forms.Textarea):
    """The editor; without scripts a plain text area whose text becomes paragraphs."""

    template_name = "components/widgets/rich_text.html"

    class Media:
        css = {
            "all": [
                "django_prose_editor/material-icons.css",
                "django_prose_editor/editor.css",
                "css/rich_text.css",
            ]
        }
        js = [forms.Script("js/rich_text.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"hidden": True, "data-rich-text": True, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {
            "plain_name": _plain(name),
            "plain_value": text_of(value or ""),
            "editor": {
                "extensions": EXTENSIONS,
                "words": {word: str(label) for word, label in WORDS.items()},
            },
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if _plain(name) in data:
            return html_of(data[_plain(name)])
        return super().value_from_datadict(data, files, name)


class RichTextField(forms.CharField):
    widget = RichText

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if len(text) > MAX_CHARACTERS:
            raise ValidationError(gettext("The text is too long."))
        return clean_rich_text(text)


def _plain(name: str) -> str:
    return f"{name}__plain"
