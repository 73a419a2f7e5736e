"""A password that an administrator gives to an account: typed, or made up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import AccountRefused

PASSWORD_MAX_LENGTH = 128


class PasswordFields(forms.Form):
    """password: cleaned to "" where one is to be made up."""

    password_mode = forms.ChoiceField(
        label=gettext_lazy("Initial password"),
        choices=[
            ("generated", gettext_lazy("Make one up")),
            ("given", gettext_lazy("Type one")),
        ],
        initial="generated",
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        max_length=PASSWORD_MAX_LENGTH,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )
    must_change_password = forms.BooleanField(
        label=gettext_lazy("Must be changed at the first sign-in"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("password_mode") != "given":
            self.errors.pop("password", None)
            cleaned["password"] = ""
        elif not cleaned.get("password") and "password" not in self.errors:
            self.add_error("password", _("Type a password, or have one made up."))
        return cleaned


class PasswordResetForm(PasswordFields):
    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["password_mode"].label = _("New password")
        self.fields["must_change_password"].label = _("Must be changed at the next sign-in")

    def refuse(self, refusal: AccountRefused) -> None:
        """Show what the service refused."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
