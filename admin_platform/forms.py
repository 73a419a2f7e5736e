"""How forms look: every field renders as `components/field.html`, its widget with our classes.

`{{ form }}` and `{{ form.name.as_field_group }}` give the markup of the console. A
width goes into the widget: `TextInput(attrs={"class": "w-md"})`.
"""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input, Widget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_platform.widgets import Chips, Switch


class LinesField(forms.Field):
    """A list of values, each cleaned by the field `each`; a wrong one is named in its error."""

    widget = Chips
    SEPARATORS = re.compile(r"[\s,;，；、]+")

    def __init__(self, *, each: forms.Field, max_items: int = 100, **options: Any) -> None:
        super().__init__(**options)
        self.each = each
        self.max_items = max_items

    def to_python(self, value: str | Iterable[str] | None) -> list[Any]:
        parts = self.SEPARATORS.split(value) if isinstance(value, str) else list(value or [])
        wanted = list(dict.fromkeys(part for part in parts if part))
        if len(wanted) > self.max_items:
            raise ValidationError(_("At most %(max)s.") % {"max": self.max_items})
        return [self._clean_one(part) for part in wanted]

    def _clean_one(self, part: str) -> Any:
        try:
            return self.each.clean(part)
        except ValidationError as error:
            raise ValidationError(
                [_("%(value)s: %(error)s") % {"value": part, "error": m} for m in error.messages]
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = list(initial or [])
        after = self.SEPARATORS.split(data.strip()) if data and data.strip() else []
        return before != after


WIDGET_CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (Input, "input"),
)
# These carry their label beside them and have markup of their own.
UNCLASSED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


def widget_class(widget: Widget) -> str:
    if isinstance(widget, UNCLASSED):
        return ""
    return next((name for kind, name in WIDGET_CLASSES if isinstance(widget, kind)), "")


class ConsoleBoundField(BoundField):
    def as_widget(
        self,
        widget: Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        widget = widget or self.field.widget
        attrs = dict(attrs or {})
        own = widget_class(widget)
        if own:
            given = attrs.get("class", widget.attrs.get("class", ""))
            attrs["class"] = f"{own} {given}".strip()
        return super().as_widget(widget, attrs, only_initial)

    @property
    def kind(self) -> str:
        """Which markup of components/field.html the field takes."""
        widget = self.field.widget
        if isinstance(widget, Switch):
            return "switch"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        return "input"


class ConsoleFormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = ConsoleBoundField
