from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from security.forms.password_rules import number
from security.models import SendingLimit
from security.models.sending_limit import RECIPIENTS


class SendingLimitForm(forms.Form):
    """The fields of SendingLimit."""

    hourly = number(
        _("In an hour"),
        _("recipients"),
        RECIPIENTS,
        required=False,
        help_text=_("Of the clock. Empty: any number."),
    )
    daily = number(
        _("In a day"),
        _("recipients"),
        RECIPIENTS,
        required=False,
        help_text=_("The last 24 hours. Empty: any number."),
    )

    def __init__(self, data: QueryDict | None = None, *, limit: SendingLimit) -> None:
        super().__init__(data, initial={name: getattr(limit, name) for name in self.base_fields})
