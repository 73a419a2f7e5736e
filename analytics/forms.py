from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_platform.http import ConsoleRequest
from analytics.filters import DayInput
from analytics.selectors.volumes import Days

# Unless other days are asked for.
DAYS = 30
DAYS_MAX = 366
SENDERS = "senders"
BY = [
    ("accounts", _("Mailboxes")),
    (SENDERS, _("15 who sent most")),
    ("departments", _("Departments")),
    ("domains", _("Domains")),
    ("days", _("Days")),
]


class VolumeForm(forms.Form):
    """Which days, and by what: a filter, filled in as far as nothing is asked."""

    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until"), widget=DayInput)
    by = forms.ChoiceField(label=_("Grouped by"), choices=BY, widget=forms.HiddenInput)

    def __init__(self, request: ConsoleRequest) -> None:
        today = timezone.localdate()
        usual = {
            "since": f"{today - timedelta(days=DAYS - 1):%Y-%m-%d}",
            "until": f"{today:%Y-%m-%d}",
            "by": "accounts",
        }
        super().__init__(usual | {name: text for name, text in request.GET.items() if text})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        elif since and until and (until - since).days >= DAYS_MAX:
            self.add_error("since", _("Choose a year at most."))
        return cleaned

    @property
    def days(self) -> Days:
        return Days(self.cleaned_data["since"], self.cleaned_data["until"])
