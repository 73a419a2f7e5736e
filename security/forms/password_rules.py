from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_platform.widgets import Affixed, Switch
from security.choices import DigitRuns
from security.models import PasswordRule
from security.models.password_rule import (
    EXPIRY_DAYS,
    MAX_HISTORY,
    MAX_LENGTHS,
    MAX_WARNING_DAYS,
    MIN_LENGTHS,
)

USUAL_EXPIRY_DAYS = 90
CLASSES = [
    (1, _("Any")),
    (2, _("Two kinds")),
    (3, _("Three kinds")),
    (4, _("All four kinds")),
]


def number(label: Any, suffix: Any, limits: tuple[int, int], **options: Any) -> forms.IntegerField:
    least, most = limits
    widget = Affixed(suffix=suffix, width="w-sm", input_type="number")
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, localize=False, **options
    )


class PasswordRuleForm(forms.Form):
    """The fields of PasswordRule, in the two parts of the manual's page."""

    EXPIRY = ("expires", "expiry_days", "warning_days", "expire_clients")

    expires = forms.BooleanField(
        label=_("Regular change"),
        required=False,
        widget=Switch(text=_("Passwords must be changed regularly")),
    )
    expiry_days = number(_("Change every"), _("days"), EXPIRY_DAYS, required=False)
    warning_days = number(
        _("Remind by mail"),
        _("days before"),
        (1, MAX_WARNING_DAYS),
        required=False,
        help_text=_("And once more on the last day."),
    )
    expire_clients = forms.BooleanField(
        label=_("Mail clients"),
        required=False,
        widget=Switch(text=_("Refuse the expired password in mail clients too")),
        help_text=_(
            "Otherwise only the browser asks for a new one, and clients go on with the old."
        ),
    )
    min_length = number(_("Shortest length"), _("characters"), MIN_LENGTHS)
    max_length = number(_("Longest length"), _("characters"), MAX_LENGTHS)
    min_classes = forms.TypedChoiceField(
        label=_("Kinds of characters"),
        choices=CLASSES,
        coerce=int,
        widget=forms.Select(attrs={"class": "w-md"}),
        help_text=_("Upper-case letters, lower-case letters, digits, other characters."),
    )
    digit_runs = forms.ChoiceField(
        label=_("Digits side by side"),
        choices=DigitRuns.choices,
        widget=forms.Select(attrs={"class": "w-lg"}),
    )
    no_keyboard_runs = forms.BooleanField(
        label=_("Keyboard runs"),
        required=False,
        widget=Switch(text=_("No four neighbouring keys, such as qwer or 1qaz")),
    )
    no_names = forms.BooleanField(
        label=_("Name and account"),
        required=False,
        widget=Switch(text=_("Not inside the password, nor the name's pinyin")),
    )
    no_leaked = forms.BooleanField(
        label=_("Leaked passwords"),
        required=False,
        widget=Switch(text=_("None of about 40,000 known from leaks")),
    )
    history = number(
        _("Former passwords"),
        _("of them"),
        (0, MAX_HISTORY),
        help_text=_("That many, and the present one, may not come back. 0: no rule."),
    )

    def __init__(self, data: QueryDict | None = None, *, rule: PasswordRule) -> None:
        initial = {name: getattr(rule, name) for name in self.base_fields if name != "expires"}
        initial["expires"] = rule.expiry_days is not None
        initial["expiry_days"] = rule.expiry_days or USUAL_EXPIRY_DAYS
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("expires"):
            self._check_expiry(cleaned)
        return cleaned

    def _check_expiry(self, cleaned: dict[str, Any]) -> None:
        for name in ("expiry_days", "warning_days"):
            if name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, _("Enter a number of days."))
        days, warning = cleaned.get("expiry_days"), cleaned.get("warning_days")
        if days and warning and warning >= days:
            self.add_error("warning_days", _("Fewer days than the password holds."))

    @property
    def values(self) -> dict[str, Any]:
        """As PasswordRule has them. What stands beside a switch that is off is not kept."""
        values = dict(self.cleaned_data)
        if not values.pop("expires"):
            values |= {"expiry_days": None, "expire_clients": False}
            values["warning_days"] = PasswordRule._meta.get_field("warning_days").default
        return values

    def expiry_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.EXPIRY]

    def complexity_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.EXPIRY]
