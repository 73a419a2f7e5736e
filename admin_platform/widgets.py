"""The widgets that the console has beside Django's."""

from typing import Any

from django import forms
from django.utils.functional import Promise

Text = str | Promise


class Switch(forms.CheckboxInput):
    """A checkbox that turns something on or off; `text` stands beside it."""

    def __init__(self, text: Text = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"role": "switch", **(attrs or {})})
        self.text = text


class Affixed(forms.TextInput):
    """An input with something fixed before or behind it: "+86", "GB", "@company.example".

    width: w-sm, w-md or w-lg; it counts for input and affix together.
    """

    template_name = "components/widgets/affixed.html"

    def __init__(
        self,
        *,
        prefix: Text = "",
        suffix: Text = "",
        width: str = "",
        input_type: str = "text",
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.input_type = input_type
        self.affixes = {"prefix": prefix, "suffix": suffix, "width": width}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | self.affixes


class Chips(forms.Textarea):
    """Several short values: one a line, or with scripts a box of chips."""

    template_name = "components/widgets/chips.html"

    def __init__(
        self, *, placeholder: Text = "", width: str = "w-lg", attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"rows": 3, **(attrs or {})})
        self.layout = {"placeholder": placeholder, "width": width}

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | self.layout


class Dropzone(forms.FileInput):
    """A file to choose or to drop; `hint` says which kinds and how large."""

    template_name = "components/widgets/dropzone.html"

    def __init__(self, *, hint: Text = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.hint = hint

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"hint": self.hint}
