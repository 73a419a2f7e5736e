from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import ADDRESS_MAX_LENGTH


class SignInForm(forms.Form):
    address = forms.CharField(
        label=_("Account"),
        max_length=ADDRESS_MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
