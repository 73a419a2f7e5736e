"""Fields for ranges of addresses."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_platform.forms import LinesField
from admin_platform.widgets import Chips
from security.errors import SecurityRefused
from security.ranges import AddressRange

# Two IPv6 addresses and what stands between them.
RANGE_MAX_LENGTH = 100
MAX_RANGES = 50


class RangeField(forms.CharField):
    """One range in any way of writing it; gives an AddressRange."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("IP or range"))
        super().__init__(max_length=RANGE_MAX_LENGTH, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return AddressRange.parse(text) if text else None


class RangesField(LinesField):
    """Several ranges; gives a list of AddressRange."""

    # Spaces around the dash of from–to would end the value.
    DASH = re.compile(r"\s*[-–—~～]\s*")

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Chips(placeholder="10.0.0.0/8"))
        super().__init__(each=RangeField(), max_items=MAX_RANGES, required=False, **options)

    def to_python(self, value: Any) -> list[Any]:
        return super().to_python(self.DASH.sub("-", value) if isinstance(value, str) else value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A form that comes back shows from–to as one value."""
        return self.DASH.sub("-", data) if isinstance(data, str) else data

    def _clean_one(self, part: str) -> Any:
        """The reasons of a range name it themselves."""
        return self.each.clean(part)


class ConfirmingForm(forms.Form):
    """A form whose change may keep the one who saves it out; then it asks for a tick first."""

    confirmed = forms.BooleanField(label=_("I know this and save it all the same"), required=False)
    # Set where a service found that it would.
    locks_out = ""

    def ask(self, refusal: SecurityRefused) -> None:
        self.locks_out = str(refusal)

    def refuse(self, refusal: Exception) -> None:
        field = getattr(refusal, "field", "")
        self.add_error(field if field in self.fields else None, str(refusal))
