"""What the forms for a new and for an existing account have in common."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import groups
from accounts.checks import (
    MAX_ALIASES,
    MAX_FORWARDS,
    clean_employee_no,
    clean_forward,
    clean_local_part,
    clean_mobile,
    clean_name,
    clean_title,
    has_an_end,
)
from accounts.choices import ReceiveScope, SendScope
from accounts.errors import AccountRefused
from accounts.forms.departments import DepartmentsField, primary_first
from accounts.forms.fields import CheckedField, DomainField, QuotaField, clean_aliases
from admin_platform.forms import LinesField
from admin_platform.operator import Operator
from admin_platform.widgets import Chips, Switch
from orgs.models import Department, Domain, Organization
from orgs.selectors.organizations import mail_domains

PROTOCOLS = {"web": gettext_lazy("Webmail"), "imap": "IMAP", "pop3": "POP3", "smtp": "SMTP"}
GROUPS_PREFIX = "groups_"
# What is asked of a mailbox alone; without one it is neither shown nor looked at.
OF_THE_MAILBOX = (
    "quota",
    "aliases",
    "receive_scope",
    "send_scope",
    "protocols",
    "forwarding_allowed",
    "forward_to",
    "keep_copy",
)


class AccountForm(forms.Form):
    """An account's person, departments, mailbox and groups."""

    name = CheckedField(
        check=clean_name,
        label=gettext_lazy("Full name"),
        error_messages={"required": gettext_lazy("Enter a name.")},
        widget=forms.TextInput(attrs={"class": "w-md", "autocomplete": "off"}),
    )
    local_part = CheckedField(
        check=clean_local_part,
        label=gettext_lazy("Account"),
        error_messages={"required": gettext_lazy("Enter the account, the part before “@”.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    domain = DomainField(Domain.objects.none(), label=gettext_lazy("Domain"), empty_label=None)
    departments = DepartmentsField(Department.objects.none(), label=gettext_lazy("Departments"))
    employee_no = CheckedField(
        check=clean_employee_no,
        label=gettext_lazy("Employee no."),
        required=False,
        widget=forms.TextInput(attrs={"class": "w-sm", "autocomplete": "off"}),
    )
    mobile = CheckedField(
        check=clean_mobile,
        label=gettext_lazy("Mobile"),
        required=False,
        help_text=gettext_lazy("Eleven digits; for other countries with + and country code."),
        widget=forms.TextInput(attrs={"class": "w-md", "inputmode": "tel", "autocomplete": "off"}),
    )
    title = CheckedField(
        check=clean_title,
        label=gettext_lazy("Position"),
        required=False,
        widget=forms.TextInput(attrs={"class": "w-md", "autocomplete": "off"}),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        validators=[has_an_end],
        help_text=gettext_lazy("Including this day. Empty: without end."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-sm"}),
    )
    create_mailbox = forms.BooleanField(
        label=gettext_lazy("Create mailbox"),
        required=False,
        initial=True,
        widget=Switch(gettext_lazy("Create a mailbox for this account")),
    )
    quota = QuotaField(label=gettext_lazy("Mailbox quota"))
    aliases = LinesField(
        each=forms.CharField(max_length=320),
        label=gettext_lazy("Mailbox aliases"),
        required=False,
        max_items=MAX_ALIASES,
        widget=Chips(placeholder=gettext_lazy("Type an alias, then Enter")),
    )
    receive_scope = forms.ChoiceField(
        label=gettext_lazy("May receive from"),
        choices=ReceiveScope.choices,
        initial=ReceiveScope.ALL,
        widget=forms.RadioSelect,
    )
    send_scope = forms.ChoiceField(
        label=gettext_lazy("May send to"),
        choices=SendScope.choices,
        initial=SendScope.ALL,
        widget=forms.RadioSelect,
    )
    protocols = forms.MultipleChoiceField(
        label=gettext_lazy("Protocols"),
        choices=list(PROTOCOLS.items()),
        initial=list(PROTOCOLS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Mail programs and phones read by IMAP or POP3 and send by SMTP."),
    )
    forwarding_allowed = forms.BooleanField(
        label=gettext_lazy("Automatic forwarding"),
        required=False,
        widget=Switch(gettext_lazy("Allow forwarding of received mail")),
    )
    forward_to = LinesField(
        each=CheckedField(check=clean_forward),
        label=gettext_lazy("Forward to"),
        required=False,
        max_items=MAX_FORWARDS,
        widget=Chips(placeholder=gettext_lazy("Type an address, then Enter")),
    )
    keep_copy = forms.BooleanField(
        label=gettext_lazy("Keep a copy in this mailbox"), required=False, initial=True
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        operator: Operator,
        organization: Organization,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.organization = organization
        self.ignored: set[str] = set()
        self.fields["domain"].queryset = mail_domains(organization)  # type: ignore[attr-defined]
        for provider in groups.providers():
            self._add_groups(provider, operator)

    def _add_groups(self, provider: groups.GroupProvider, operator: Operator) -> None:
        choices = provider.choices(operator)
        if choices:
            self.fields[GROUPS_PREFIX + provider.code] = forms.MultipleChoiceField(
                label=str(provider.label),
                choices=[(choice.key, f"{choice.label} {choice.detail}") for choice in choices],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def group_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(GROUPS_PREFIX)]

    @property
    def without_mailbox(self) -> bool:
        return "create_mailbox" in self.fields and not self.cleaned_data.get("create_mailbox")

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        today = datetime.now(ZoneInfo(self.organization.time_zone)).date()
        if day and day < today and str(day) != self.initial.get("expires_on"):
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    def clean_departments(self) -> list[Department]:
        """The primary one first."""
        return primary_first(self.cleaned_data["departments"], self.data)

    def clean_aliases(self) -> list[str]:
        domain = self.cleaned_data.get("domain")
        return clean_aliases(self.cleaned_data["aliases"], domain.name if domain else "")

    def clean(self) -> dict[str, Any]:
        """What does not count is not looked at: it is hidden, and so would its errors be."""
        if self.without_mailbox:
            self._ignore(OF_THE_MAILBOX)
        elif not self.cleaned_data.get("forwarding_allowed"):
            self._ignore(["forward_to", "keep_copy"])
        return self.cleaned_data

    def _ignore(self, names: Collection[str]) -> None:
        self.ignored |= set(names)
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = self.get_initial_for_field(self.fields[name], name)

    def refuse(self, refusal: AccountRefused) -> None:
        """Show what a service refused."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def unjudged(self) -> AccountForm:
        """The form as it was sent, to be shown again without having been meant as finished."""
        self._errors = forms.utils.ErrorDict()
        return self
