"""Forms of the dialogs that change many accounts at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.checks import end_of_day
from accounts.choices import AccountStatus
from accounts.errors import AccountRefused
from accounts.forms.departments import DepartmentsField, primary_first
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
