"""The audit records of accounts, which carry the primary department of their account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Account, Membership
from admin_platform import audit
from admin_platform.operator import Operator


def primary_department_id(account: Account) -> int | None:
    rows = Membership.objects.filter(account=account, is_primary=True)
    return rows.values_list("department_id", flat=True).first()


def record_change(
    account: Account,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Operator,
    action: str = "account.changed",
) -> None:
    audit.record(
        action,
        actor=actor,
        target=account,
        before=before,
        after=after,
        department_id=primary_department_id(account),
    )
