"""A field for members: chosen ones as chips, more by searching.

The form's page hands the search words over (?<field>-find=) where scripts do not; with
them the same list comes from `pickers:accounts`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.selectors.picking import candidates, find_candidates, pickable
from admin_platform.http import plain_ids
from admin_platform.operator import Operator

MAX_PICKED = 200


class AccountPicker(forms.Widget):
    template_name = "components/_account_picker.html"
    operator: Operator
    to = ""
    query = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ids = plain_ids(value or [])
        return super().get_context(name, value, attrs) | {
            "chosen": candidates(self.operator, ids),
            "found": find_candidates(self.operator, self.query, without=ids),
            "query": self.query,
            "to": self.to,
        }

    def id_for_label(self, id_: str) -> str:
        return id_


class AccountsField(forms.ModelMultipleChoiceField[Account]):
    """to: the page it stands on, whose function says which members there are."""

    widget = AccountPicker

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Choose at least one member."),
        "invalid_choice": _("A chosen member is gone or outside your departments."),
        "invalid_pk_value": _("A chosen member is gone or outside your departments."),
    }

    def __init__(self, *, to: str, **options: Any) -> None:
        super().__init__(Account.objects.none(), **options)
        self.widget.to = to

    def stand(self, operator: Operator, *, query: str = "") -> None:
        """Offer the members of the operator's page, those found by the query first."""
        self.queryset = pickable(operator)
        self.widget.operator, self.widget.query = operator, query

    def clean(self, value: Any) -> Any:
        if len(value or []) > MAX_PICKED:
            raise forms.ValidationError(
                _("Choose at most %(limit)d members.") % {"limit": MAX_PICKED}
            )
        return super().clean(value)
