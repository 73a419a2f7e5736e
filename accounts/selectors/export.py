"""Accounts as rows of a file, however many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.checks import last_day
from accounts.choices import AddressKind
from accounts.models import Account, Address
from accounts.selectors.accounts import UNSEEN, in_departments
from admin_platform.spreadsheets import in_chunks
from orgs.selectors.departments import paths

CHUNK = 2000
GIB = 1024**3
HEADINGS = (
    _("Full name"),
    _("Address"),
    _("Aliases"),
    _("Departments"),
    _("Employee no."),
    _("Mobile"),
    _("Position"),
    _("Status"),
    _("Frozen until"),
    _("Valid until"),
    _("Mailbox size (GB)"),
    _("Used (GB)"),
    _("Last sign-in"),
    _("Created"),
)


def export_rows(accounts: QuerySet[Account], time_zone: str) -> Iterator[list[str]]:
    """One row for each account, in their order; a chunk of them is in memory at a time.

    time_zone: the organization's, in which its accounts expire.
    """
    aliases = Address.objects.filter(kind=AddressKind.ALIAS).order_by("address")
    shown = in_departments(accounts.select_related("mailbox").defer(*UNSEEN)).prefetch_related(
        Prefetch("addresses", aliases, to_attr="aliases")
    )
    known: dict[int, str] = {}
    for chunk in in_chunks(shown.iterator(CHUNK), CHUNK):
        places = {m.department_id for account in chunk for m in account.memberships.all()}
        known |= paths(places - known.keys())
        for account in chunk:
            yield _row(account, known, time_zone)


def _row(account: Account, path_of: dict[int, str], time_zone: str) -> list[str]:
    aliases: Sequence[Address] = account.aliases  # type: ignore[attr-defined]
    return [
        account.name,
        account.address,
        "; ".join(alias.address for alias in aliases),
        "; ".join(path_of[m.department_id] for m in account.memberships.all()),
        account.employee_no,
        account.mobile,
        account.title,
        _status(account),
        _day(account.frozen_until, time_zone),
        _day(account.expires_at, time_zone),
        *_space(account),
        _moment(account.last_login),
        _moment(account.created_at),
    ]


def _status(account: Account) -> str:
    return str(_("Expired")) if account.is_expired else account.get_status_display()


def _space(account: Account) -> tuple[str, str]:
    """Both empty without a mailbox."""
    if not account.has_mailbox:
        return "", ""
    mailbox = account.mailbox
    return f"{mailbox.quota_bytes / GIB:g}", f"{mailbox.usage_bytes / GIB:.3f}"


def _day(end: datetime | None, time_zone: str) -> str:
    return last_day(end, time_zone).isoformat() if end else ""


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
