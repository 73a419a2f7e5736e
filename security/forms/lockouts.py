from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_platform.widgets import Affixed, Switch
from security.forms.ranges import RangeField
from security.models import LockoutRule


class LockoutRuleForm(forms.ModelForm[LockoutRule]):
    class Meta:
        model = LockoutRule
        fields = ("is_on", "attempts", "window_minutes", "lock_minutes")
        labels = {
            "is_on": _("Lock accounts"),
            "attempts": _("Wrong passwords"),
            "window_minutes": _("Counted within"),
            "lock_minutes": _("Locked for"),
        }
        widgets = {
            "is_on": Switch(text=_("Lock an account after too many wrong passwords")),
            "attempts": Affixed(suffix=_("times"), width="w-sm", input_type="number"),
            "window_minutes": Affixed(suffix=_("minutes"), width="w-sm", input_type="number"),
            "lock_minutes": Affixed(suffix=_("minutes"), width="w-sm", input_type="number"),
        }


class ExemptionForm(forms.Form):
    range = RangeField(
        help_text=_("One address, 10.0.0.0/8, 10.0.0.1-10.0.0.9 or 192.168.1.*; IPv6 likewise."),
        widget=forms.TextInput(attrs={"class": "w-md", "autocomplete": "off", "autofocus": True}),
    )
    note = forms.CharField(label=_("Remark"), max_length=100, required=False)

    def refuse(self, refusal: Any) -> None:
        self.add_error(refusal.field or None, str(refusal))
