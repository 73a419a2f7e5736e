"""The table of accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.selectors.attention import EXPIRY_WARNING
from admin_platform.operator import Operator
from admin_platform.tables import ActionsColumn, ConsoleTable, PageRows, TickColumn
from orgs.models import Department

DAY = timedelta(days=1)
# What the list shows beside name, ticks and actions: all there is, and by default.
COLUMNS = (
    "address", "department", "title", "employee_no", "mobile", "usage", "sign_in", "created",
    "expires", "status",
)  # fmt: skip
DEFAULT_COLUMNS = ("address", "department", "usage", "sign_in", "status")
NOWRAP = {"td": {"class": "nowrap"}}
# The id of the form that sends the chosen rows to a dialog.
FORM = "picked"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with what the operator may do with it.

    back: the query of the list at hand, to which a dialog without scripts returns.
    """

    account: Account
    operator: Operator
    back: str = ""

    @property
    def pk(self) -> int:
        return self.account.pk

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def departments(self) -> list[Department]:
        """The primary one first."""
        return [membership.department for membership in self.account.memberships.all()]

    @property
    def may_edit(self) -> bool:
        return self._administers("account.change")

    @property
    def may_reset(self) -> bool:
        return self._administers("account.password") and not self._is_own

    @property
    def may_end(self) -> bool:
        return self._administers("account.status") and not self._is_own

    @property
    def may_delete(self) -> bool:
        return self._administers("account.delete") and not self._is_own

    @property
    def may_move(self) -> bool:
        return any(self.operator.can("account.move", place) for place in self.departments)

    @property
    def dialog_query(self) -> str:
        return urlencode({"id": self.pk, "back": self.back})

    @property
    def days_frozen(self) -> int | None:
        return _days_until(self.account.frozen_until)

    @property
    def days_valid(self) -> int | None:
        """Only where the end is near."""
        end = self.account.expires_at
        return _days_until(end) if end and end < timezone.now() + EXPIRY_WARNING else None

    @property
    def _is_own(self) -> bool:
        return self.account.pk == self.operator.account_id

    def _administers(self, function: str) -> bool:
        """Whether the function is held where the account is administered (protection.py)."""
        return any(self.operator.can(function, place) for place in self.departments[:1])


def _days_until(moment: datetime | None) -> int | None:
    """Days begun; the last one is 1."""
    return -((timezone.now() - moment) // DAY) if moment else None


class HeadColumn(tables.TemplateColumn):
    """What heads the card of a row on a phone."""

    labelled = False


class AccountTable(ConsoleTable):
    ticks = TickColumn(form=FORM)
    name = HeadColumn(template_name="accounts/cells/name.html", verbose_name=_("Full name"))
    address = HeadColumn(template_name="accounts/cells/address.html", verbose_name=_("Account"))
    department = tables.TemplateColumn(
        template_name="accounts/cells/department.html",
        verbose_name=_("Department"),
        orderable=False,
    )
    title = tables.Column(
        accessor="account__title", verbose_name=_("Position"), orderable=False, attrs=NOWRAP
    )
    employee_no = tables.Column(
        accessor="account__employee_no",
        verbose_name=_("Employee no."),
        orderable=False,
        attrs=NOWRAP,
    )
    mobile = tables.Column(
        accessor="account__mobile", verbose_name=_("Mobile"), orderable=False, attrs=NOWRAP
    )
    usage = tables.TemplateColumn(
        template_name="accounts/cells/usage.html",
        verbose_name=_("Mailbox space"),
        initial_sort_descending=True,
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    sign_in = tables.TemplateColumn(
        template_name="accounts/cells/sign_in.html",
        verbose_name=_("Last sign-in"),
        initial_sort_descending=True,
        attrs={"th": {"class": "num hide-sm"}, "td": {"class": "num dim hide-sm"}},
    )
    created = tables.DateTimeColumn(
        accessor="account__created_at",
        verbose_name=_("Created"),
        initial_sort_descending=True,
        attrs={"th": {"class": "num"}, "td": {"class": "num dim nowrap"}},
    )
    expires = tables.DateTimeColumn(
        accessor="account__expires_at",
        verbose_name=_("Valid until"),
        orderable=False,
        attrs={"th": {"class": "num"}, "td": {"class": "num dim nowrap"}},
    )
    status = tables.TemplateColumn(
        template_name="accounts/cells/status.html", verbose_name=_("Status"), orderable=False
    )
    actions = ActionsColumn("accounts/cells/actions.html")

    class Meta(ConsoleTable.Meta):
        # Links of the head change the rows in place; those of a row lead to pages.
        row_attrs: ClassVar = {
            "hx-boost": "false",
            "hx-disinherit": "hx-select hx-select-oob hx-swap",
        }


def account_table(
    accounts: Iterable[Account],
    operator: Operator,
    *,
    order: str,
    back: str,
    picks_all: bool,
    columns: Collection[str] = DEFAULT_COLUMNS,
) -> AccountTable:
    """picks_all: all accounts of the list are chosen, more than the page has boxes for.

    columns: the ones of COLUMNS to show.
    """
    hidden = tuple(name for name in COLUMNS if name not in columns)
    rows = PageRows([AccountRow(account, operator, back) for account in accounts])
    attrs: dict[str, Any] = {"id": "accounts", "class": "table table--stack accounts"}
    if picks_all:
        picked = {**AccountTable.Meta.row_attrs, "aria-selected": "true"}
        attrs["class"] = "table table--stack table--nopick accounts"
        return AccountTable(
            rows, order_by=order, attrs=attrs, row_attrs=picked, exclude=("ticks", *hidden)
        )
    return AccountTable(rows, order_by=order, attrs=attrs | {"data-select": True}, exclude=hidden)


def chosen_columns(text: str) -> list[str]:
    """The columns that a cookie names, joined by dots; the default ones where it names none."""
    named = set(text.split("."))
    return [name for name in COLUMNS if name in named] or list(DEFAULT_COLUMNS)


def column_choices(chosen: Collection[str]) -> list[tuple[str, Any, bool]]:
    """Name, label and whether it is shown, for each column that can be chosen."""
    columns = AccountTable.base_columns  # type: ignore[attr-defined]
    return [(name, columns[name].verbose_name, name in chosen) for name in COLUMNS]
