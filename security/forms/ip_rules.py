from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.pickers import AccountsField
from admin_platform.http import plain_ids
from admin_platform.operator import Operator
from security.choices import IpAction
from security.forms.ranges import ConfirmingForm, RangeField, RangesField
from security.models import IpRule
from security.services.ip_policies import MemberRules

MEMBER_PAGE = "ip-rules:member-create"


class IpRuleForm(ConfirmingForm):
    range = RangeField(
        help_text=_("One address, 10.0.0.0/8, 10.0.0.1-10.0.0.9 or 192.168.1.*; IPv6 likewise."),
        widget=forms.TextInput(attrs={"class": "w-md", "autocomplete": "off"}),
    )
    action = forms.ChoiceField(
        label=_("Sign-in from there"),
        choices=IpAction.choices,
        initial=IpAction.ALLOW,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Remark"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None, *, rule: IpRule | None = None) -> None:
        initial = {"range": rule.range, "action": rule.action, "note": rule.note} if rule else {}
        super().__init__(data, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {"action": IpAction(data["action"])}


class MemberRulesForm(ConfirmingForm):
    """The rules of one member, who stays the same."""

    allowed = RangesField(label=_("Allowed ranges"))
    denied = RangesField(
        label=_("Denied ranges"),
        help_text=_("Where ranges overlap, the smaller one decides."),
    )
    elsewhere = forms.ChoiceField(
        label=_("All other addresses"),
        choices=IpAction.choices,
        initial=IpAction.DENY,
        widget=forms.RadioSelect,
    )

    def clean(self) -> None:
        both = set(self.cleaned_data.get("allowed", [])) & set(self.cleaned_data.get("denied", []))
        for range in sorted(both, key=str):
            self.add_error("denied", gettext("%(range)s is allowed and denied.") % {"range": range})

    @property
    def rules(self) -> MemberRules:
        data = self.cleaned_data
        return MemberRules(data["allowed"], data["denied"], IpAction(data["elsewhere"]))


class NewMemberRulesForm(MemberRulesForm):
    """The same rules for several members.

    shown: the page's address, with what was entered so far where scripts do not run.
    """

    members = AccountsField(
        to=MEMBER_PAGE,
        label=_("Members"),
        help_text=_("The accounts that these rules are for. They get the same rules each."),
    )

    def __init__(self, data: QueryDict | None, *, shown: QueryDict, operator: Operator) -> None:
        entered = {
            name: shown[name] for name in ("allowed", "denied", "elsewhere") if name in shown
        }
        super().__init__(data, initial=entered | {"members": plain_ids(shown.getlist("members"))})
        members = self.fields["members"]
        members.stand(operator, query=shown.get("members-find", ""))  # type: ignore[attr-defined]
