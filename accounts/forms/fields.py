"""Fields of the account's forms: what `accounts.checks` says, as fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.checks import GIB, clean_alias, clean_quota_gib
from admin_platform.widgets import Affixed
from orgs.models import Domain


class CheckedField(forms.CharField):
    """A text that one of `accounts.checks` brings into the form in which it is stored."""

    def __init__(self, check: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.check = check

    def clean(self, value: Any) -> str:
        return self.check(super().clean(value) or "")


class QuotaField(forms.CharField):
    """Bytes, typed and shown as a number of GB; None where it is left empty and may be."""

    def __init__(self, **options: Any) -> None:
        attrs = {"class": "input--num", "min": 0, "step": "any"}
        widget = Affixed(suffix="GB", width="w-sm", input_type="number", attrs=attrs)
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / GIB:.4f}".rstrip("0").rstrip(".") if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return clean_quota_gib(typed) if typed else None


class DomainField(forms.ModelChoiceField[Domain]):
    def label_from_instance(self, obj: Domain) -> str:
        return f"@{obj.name}"


def clean_aliases(values: list[str], domain: str) -> list[str]:
    """Whole addresses; what is typed without "@" is meant in the domain."""
    wrong: list[str] = []
    cleaned: list[str] = []
    for value in values:
        try:
            cleaned.append(clean_alias(value, domain))
        except ValidationError as error:
            wrong += [_("%(value)s: %(error)s") % {"value": value, "error": error.messages[0]}]
    if wrong:
        raise ValidationError(wrong)
    return list(dict.fromkeys(cleaned))
