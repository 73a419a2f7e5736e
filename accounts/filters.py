"""What a list of accounts is narrowed to and sorted by, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountFilter, AccountSort, MailboxFilter
from accounts.selectors.accounts import DESCENDING, AccountQuery
from admin_platform.paging import page_size
from orgs.models import Department


class BelowInput(forms.CheckboxInput):
    """On unless the address says 0, which the page sends along for a box that is not ticked."""

    def __init__(self) -> None:
        super().__init__({"value": "1"})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return bool(data.get(name, "1") != "0")


class AccountListForm(forms.Form):
    """Always bound; what is not offered counts as not said."""

    q = forms.CharField(
        label=_("Find accounts"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Name, account, alias or mobile"),
                "title": _("Name, pinyin, address, alias, mobile or employee no."),
                "autocomplete": "off",
                "id": "account-search",
            }
        ),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All statuses")), *AccountFilter.choices],
    )
    mailbox = forms.ChoiceField(
        label=_("Mailbox"),
        required=False,
        choices=[("", _("With or without mailbox")), *MailboxFilter.choices],
    )
    below = forms.BooleanField(label=_("With sub-departments"), required=False, widget=BelowInput())
    sort = forms.ChoiceField(
        required=False,
        choices=[(f"{sign}{sort}", sort.label) for sort in AccountSort for sign in ("", "-")],
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def sort_order(self) -> str:
        """The column, with a minus for the larger first, as tables write it."""
        return self.cleaned_data.get("sort") or AccountSort.NAME

    @property
    def size(self) -> int:
        return page_size(self.data.get("size"))

    def query(self, department: Department) -> AccountQuery:
        said = self.cleaned_data
        sort = AccountSort(self.sort_order.removeprefix("-"))
        return AccountQuery(
            department,
            with_below=said["below"],
            search=said.get("q", ""),
            status=said.get("status", ""),
            mailbox=said.get("mailbox", ""),
            sort=sort,
            is_reversed=self.sort_order.startswith("-") != (sort in DESCENDING),
        )
