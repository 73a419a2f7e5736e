from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_platform.widgets import Switch
from security.choices import SecondFactorFor
from security.forms.password_rules import number
from security.models import SignInRule
from security.models.sign_in_rule import IDLE_MINUTES, SESSION_HOURS


class SignInRuleForm(forms.Form):
    """The fields of SignInRule."""

    second_factor_for = forms.ChoiceField(
        label=_("Second factor required of"),
        choices=SecondFactorFor.choices,
        widget=forms.RadioSelect,
        help_text=_("Whoever has none yet sets one up at the next visit, before anything else."),
    )
    clients_apart = forms.BooleanField(
        label=_("Mail clients"),
        required=False,
        widget=Switch(text=_("Only app passwords, even without a second factor")),
        help_text=_("With a second factor, clients always need app passwords."),
    )
    idle_minutes = number(
        _("Sign out after"),
        _("minutes"),
        IDLE_MINUTES,
        required=False,
        help_text=_("Without activity. Empty: only the age of the session counts."),
    )
    session_hours = number(_("And at the latest after"), _("hours"), SESSION_HOURS)

    def __init__(self, data: QueryDict | None = None, *, rule: SignInRule) -> None:
        initial: dict[str, Any] = {name: getattr(rule, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
