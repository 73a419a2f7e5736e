"""The forms that create and edit an account."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.checks import end_of_day, has_an_end
from accounts.choices import AccountStatus
from accounts.errors import EditConflict
from accounts.forms.account_fields import GROUPS_PREFIX, PROTOCOLS, AccountForm
from accounts.forms.passwords import PasswordFields
from accounts.models import Account
from accounts.selectors.state import State, comparable
from accounts.services.accounts import Person
from accounts.services.mailboxes import MailboxSettings
from admin_platform.operator import Operator
from orgs.models import Department, Organization
from orgs.selectors.organizations import mail_domains

MOVE, STATUS = "account.move", "account.status"


class AccountCreateForm(PasswordFields, AccountForm):
    field_order = ["name", "local_part", "domain", "departments", "password_mode", "password"]

    def __init__(
        self,
        data: QueryDict | None,
        *,
        operator: Operator,
        organization: Organization,
        department: Department | None = None,
    ) -> None:
        initial = {
            "domain": mail_domains(organization).first(),
            "quota": organization.default_quota_bytes,
            "departments": [department.pk] if department else [],
        }
        super().__init__(data, operator=operator, organization=organization, initial=initial)
        departments = operator.scope(Department.objects.all())
        self.fields["departments"].queryset = departments  # type: ignore[attr-defined]

    @property
    def person(self) -> Person:
        cleaned = self.cleaned_data
        names = ("name", "employee_no", "mobile", "title")
        return Person(**{name: cleaned[name] for name in names}, expires_at=self._expires_at())

    def _expires_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["expires_on"]
        return end_of_day(day, self.organization.time_zone) if day else None

    @property
    def mailbox(self) -> MailboxSettings | None:
        cleaned = self.cleaned_data
        if self.without_mailbox:
            return None
        return MailboxSettings(
            quota_bytes=cleaned["quota"],
            send_scope=cleaned["send_scope"],
            receive_scope=cleaned["receive_scope"],
            **{f"{name}_enabled": name in cleaned["protocols"] for name in PROTOCOLS},
            forwarding_allowed=cleaned["forwarding_allowed"],
            forward_to=tuple(cleaned["forward_to"] or ()),
            keep_copy=cleaned["keep_copy"],
        )

    @property
    def groups(self) -> dict[str, list[str]]:
        return {
            name.removeprefix(GROUPS_PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(GROUPS_PREFIX)
        }


class AccountEditForm(AccountForm):
    """seen: what the form showed when it was opened, as JSON; somebody may save meanwhile."""

    keep_old_address = forms.BooleanField(
        label=gettext_lazy("When the address changes, keep the old one as an alias"),
        required=False,
        initial=True,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=AccountStatus.choices, widget=forms.RadioSelect
    )
    frozen_until = forms.DateField(
        label=gettext_lazy("Frozen until"),
        required=False,
        validators=[has_an_end],
        help_text=gettext_lazy("Including this day, then disabled. Empty: until further notice."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-sm"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["name", "local_part", "domain", "keep_old_address", "departments"]

    def __init__(
        self,
        data: QueryDict | None,
        *,
        account: Account,
        state: State,
        operator: Operator,
        read_only: bool = False,
    ) -> None:
        super().__init__(
            data,
            operator=operator,
            organization=account.organization,
            initial={**state, "seen": json.dumps(state)},
        )
        self.state = state
        self._offer_what_may_be_changed(operator, account)
        for field in self.fields.values():
            field.disabled = read_only

    def _offer_what_may_be_changed(self, operator: Operator, account: Account) -> None:
        if operator.can(MOVE):
            departments = operator.at(MOVE).scope(Department.objects.all())
            self.fields["departments"].queryset = departments  # type: ignore[attr-defined]
        else:
            del self.fields["departments"]
        if not operator.can(STATUS):
            del self.fields["status"], self.fields["frozen_until"]
        if account.has_mailbox:
            del self.fields["create_mailbox"]

    @property
    def wanted(self) -> State:
        """What the form asks for, as the state has it; without what does not count."""
        return {
            name: comparable(name, self.cleaned_data[name])
            for name in self.fields
            if name in self.state and name not in self.ignored
        }

    @property
    def seen_state(self) -> State:
        """As sent; what cannot be read was not seen."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def show_conflict(self, conflict: EditConflict) -> None:
        """Say at each field what is saved there now; saving again then replaces it knowingly."""
        seen = self.seen_state
        for name in conflict.names:
            seen[name] = conflict.current[name]
            self.add_error(name, conflict.told(self._shown(name, seen[name])))
        # Of the others the form goes on showing what it showed.
        data = cast("QueryDict", self.data).copy()
        data["seen"] = json.dumps(seen)
        self.data = data

    def _shown(self, name: str, value: Any) -> str:
        """A value of the state as the field's labels put it."""
        field = self.fields[name]
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        labels = {}
        if isinstance(field, forms.ModelChoiceField):
            rows = field.queryset.model.objects.in_bulk(_list(value))  # type: ignore[union-attr]
            labels = {str(pk): str(row) for pk, row in rows.items()}
        elif isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in field.widget.choices}
        shown = [labels.get(str(v), str(field.prepare_value(v))) for v in _list(value)]
        return "、".join(filter(None, shown)) or "–"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
