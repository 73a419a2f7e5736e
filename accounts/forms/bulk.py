"""Forms of the dialogs that change many accounts at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.checks import clean_title, end_of_day
from accounts.choices import AccountStatus, ReceiveScope, SendScope
from accounts.errors import AccountRefused
from accounts.forms.departments import DepartmentsField, primary_first
from accounts.forms.fields import CheckedField, QuotaField
from accounts.services.mailboxes import ACCESS_FIELDS
from accounts.services.status import StatusChange
from orgs.models import Department, Organization


class BulkForm(forms.Form):
    """A form that can show what a service refused."""

    def refuse(self, refusal: AccountRefused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))

    def unjudged(self) -> Self:
        """The form as it was sent, to be shown again without having been meant as finished."""
        self._errors = forms.utils.ErrorDict()
        return self


class MoveForm(BulkForm):
    keep_present = forms.BooleanField(
        label=gettext_lazy("Keep the present departments as further ones"), required=False
    )

    def __init__(self, data: QueryDict | None, *, in_scope: QuerySet[Department]) -> None:
        super().__init__(data)
        self.fields["departments"] = DepartmentsField(in_scope, label=_("Departments"))

    def clean_departments(self) -> list[Department]:
        """The primary one first."""
        departments: list[Department] = self.cleaned_data["departments"]
        return primary_first(departments, self.data)


class StatusForm(BulkForm):
    """present: the statuses that the accounts have; one that all have is chosen already."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=AccountStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a status.")},
    )
    frozen_until = forms.DateField(
        label=gettext_lazy("Frozen until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-sm"}),
        help_text=gettext_lazy(
            "The last day; then the accounts are disabled. Empty: until you change it."
        ),
    )
    expiry = forms.ChoiceField(
        label=gettext_lazy("Valid until"),
        choices=[
            ("keep", gettext_lazy("Leave as it is")),
            ("never", gettext_lazy("For ever")),
            ("day", gettext_lazy("Until a day")),
        ],
        required=False,
        initial="keep",
        widget=forms.RadioSelect,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-sm"}),
    )

    def __init__(
        self, data: QueryDict | None, *, organization: Organization, present: Collection[str]
    ) -> None:
        common = next(iter(present)) if len(present) == 1 else None
        super().__init__(data, initial={"status": common})
        self.time_zone = organization.time_zone

    def clean_expiry(self) -> str:
        return self.cleaned_data["expiry"] or "keep"

    def clean_frozen_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["frozen_until"]
        is_asked = self.cleaned_data.get("status") == AccountStatus.FROZEN
        return self._end_of(day) if day and is_asked else None

    def clean_expires_on(self) -> datetime | None:
        if self.cleaned_data.get("expiry") != "day":
            return None
        day: date | None = self.cleaned_data["expires_on"]
        if day is None:
            raise ValidationError(_("Enter the last day."))
        return self._end_of(day)

    def _end_of(self, day: date) -> datetime:
        end = end_of_day(day, self.time_zone)
        if end <= timezone.now():
            raise ValidationError(_("This day is over. Enter one in the future."))
        return end

    @property
    def change(self) -> StatusChange:
        wanted = self.cleaned_data
        return StatusChange(
            AccountStatus(wanted["status"]),
            frozen_until=wanted["frozen_until"],
            changes_expiry=wanted["expiry"] != "keep",
            expires_at=wanted["expires_on"],
        )


AS_IT_IS = ("", gettext_lazy("Leave as it is"))
ON_OFF = [AS_IT_IS, ("on", gettext_lazy("On")), ("off", gettext_lazy("Off"))]


def _switch(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ON_OFF, required=False)


class EditForm(BulkForm):
    """The same values for many accounts; what is left empty stays as it is."""

    title = CheckedField(label=gettext_lazy("Position"), check=clean_title, required=False)
    quota = QuotaField(label=gettext_lazy("Mailbox quota"), required=False)
    receive_scope = forms.ChoiceField(
        label=gettext_lazy("May receive from"),
        choices=[AS_IT_IS, *ReceiveScope.choices],
        required=False,
    )
    send_scope = forms.ChoiceField(
        label=gettext_lazy("May send to"), choices=[AS_IT_IS, *SendScope.choices], required=False
    )
    web_enabled = _switch(gettext_lazy("Webmail"))
    imap_enabled = _switch("IMAP")
    pop3_enabled = _switch("POP3")
    smtp_enabled = _switch("SMTP")
    forwarding_allowed = _switch(gettext_lazy("Automatic forwarding"))

    SWITCHES = (*ACCESS_FIELDS, "forwarding_allowed")

    def clean(self) -> None:
        if not self.errors and not self.values:
            raise ValidationError(_("Choose at least one field to change."))

    @property
    def values(self) -> dict[str, Any]:
        """By the names of the models' fields."""
        said = self.cleaned_data
        values = {n: said[n] for n in ("title", "receive_scope", "send_scope") if said.get(n)}
        if said.get("quota") is not None:
            values["quota_bytes"] = said["quota"]
        return values | {n: said[n] == "on" for n in self.SWITCHES if said.get(n)}
