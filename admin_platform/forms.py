"""How forms look: every field renders as `components/field.html`, its widget with our classes."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input, Widget
from django.utils.safestring import SafeString


class Switch(forms.CheckboxInput):
    """A checkbox that turns something on or off."""


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
        if isinstance(widget, Switch):
            attrs["role"] = "switch"
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
