from django import forms
from django.utils.translation import gettext_lazy as _

from security.choices import CLIENT_PROTOCOLS


def code_field(label: object, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        max_length=32,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "w-sm", "autofocus": True}
        ),
    )


class CodeForm(forms.Form):
    """The code of an authenticator app, or a recovery code."""

    code = code_field(_("Code"))


class PasswordForm(forms.Form):
    """Asks for the present password before something that a stranger at the desk must not do."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "w-md"}),
    )


class SetUpForm(PasswordForm):
    code = code_field(_("Code"), _("The six digits that the app shows now."))

    field_order = ("code", "password")


class AppPasswordForm(PasswordForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=64,
        help_text=_("Such as the device and program that will use it: Phone, Outlook."),
        widget=forms.TextInput(attrs={"class": "w-md"}),
    )
    protocols = forms.MultipleChoiceField(
        label=_("For"),
        choices=[(p.value, p.label) for p in CLIENT_PROTOCOLS],
        initial=[p.value for p in CLIENT_PROTOCOLS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one protocol.")},
    )

    field_order = ("name", "protocols", "password")
