from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Address
from admin_platform.forms import LinesField
from admin_platform.operator import Operator
from admin_platform.widgets import Chips
from security.choices import IpAction
from security.forms.ranges import ConfirmingForm, RangeField, RangesField
from security.models import IpRule
from security.ranges import AddressRange
from security.services.ip_policies import MemberRules

MAX_MEMBERS = 50


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


class MembersField(LinesField):
    """Accounts by their addresses or aliases, out of a queryset that the form narrows."""

    def __init__(self, **options: Any) -> None:
        super().__init__(each=forms.CharField(max_length=254), max_items=MAX_MEMBERS, **options)
        self.choices = Account.objects.none()

    def to_python(self, value: Any) -> list[Account]:
        typed = [text.lower() for text in super().to_python(value)]
        rows = Address.objects.filter(address__in=typed, account__in=self.choices)
        found = {row.address: row.account for row in rows.select_related("account")}
        unknown = [text for text in typed if text not in found]
        if unknown:
            raise ValidationError(
                gettext("No such account in your departments: %(addresses)s")
                % {"addresses": "、".join(unknown)}
            )
        return list({account.pk: account for account in found.values() if account}.values())


class MemberRulesForm(ConfirmingForm):
    """members: only where rules are created; whose they are never changes."""

    members = MembersField(
        label=_("Members"),
        help_text=_("The accounts that these rules are for. They get the same rules each."),
        widget=Chips(placeholder=_("Account")),
    )
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

    def __init__(
        self,
        data: QueryDict | None,
        *,
        operator: Operator | None = None,
        rules: MemberRules | None = None,
    ) -> None:
        initial = (
            {"allowed": texts(rules.allowed), "denied": texts(rules.denied),
             "elsewhere": rules.elsewhere}
            if rules
            else {}
        )  # fmt: skip
        super().__init__(data, initial=initial)
        if operator is None:
            del self.fields["members"]
        else:
            self.fields["members"].choices = operator.scope(Account.objects.all())  # type: ignore[attr-defined]

    def clean(self) -> None:
        both = set(self.cleaned_data.get("allowed", [])) & set(self.cleaned_data.get("denied", []))
        for range in sorted(both, key=str):
            self.add_error("denied", gettext("%(range)s is allowed and denied.") % {"range": range})

    @property
    def rules(self) -> MemberRules:
        data = self.cleaned_data
        return MemberRules(data["allowed"], data["denied"], IpAction(data["elsewhere"]))


def texts(ranges: Sequence[AddressRange]) -> list[str]:
    return [str(range) for range in ranges]
