"""Handing out lists of accounts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from accounts.selectors.accounts import AccountQuery, matching_accounts
from accounts.selectors.export import export_rows
from admin_platform import audit
from admin_platform.operator import Operator


@transaction.atomic
def export_accounts(*, query: AccountQuery, actor: Operator) -> Iterator[list[str]]:
    """The rows of the file, read while they are sent; who took which list is on record."""
    department = query.department
    accounts = matching_accounts(query)
    audit.record(
        "account.exported",
        actor=actor,
        target=department,
        after={"accounts": accounts.count(), "with_below": query.with_below}
        | {
            name: value
            for name in ("search", "status", "mailbox")
            if (value := getattr(query, name))
        },
        department_id=department.pk,
    )
    return export_rows(accounts, department.organization.time_zone)
