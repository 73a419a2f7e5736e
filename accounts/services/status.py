"""Enabling, disabling and freezing accounts (manual, 4.2⑤).

A disabled account can neither sign in nor receive. A frozen one cannot sign in but still
receives; when its time is over it becomes a disabled one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import signals
from accounts.choices import AccountStatus
from accounts.models import Account, Membership
from accounts.services.bulk import locked_selection, recount
from accounts.services.protection import check_may_change, check_may_end
from admin_platform import audit
from admin_platform.operator import Operator

FUNCTION = "account.status"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class StatusChange:
    """frozen_until: when freezing, None for until further notice.

    changes_expiry: whether expires_at is set too (None: never expires) or left as it is.
    """

    status: AccountStatus
    frozen_until: datetime | None = None
    changes_expiry: bool = False
    expires_at: datetime | None = None

    def as_values(self) -> dict[str, Any]:
        frozen = self.status == AccountStatus.FROZEN
        values = {"status": self.status, "frozen_until": self.frozen_until if frozen else None}
        return values | ({"expires_at": self.expires_at} if self.changes_expiry else {})

    @property
    def ends_at(self) -> datetime | None:
        """From when on the accounts cannot be used; None for never."""
        return timezone.now() if self.status != AccountStatus.ACTIVE else self.expires_at


@transaction.atomic
def set_status(*, account_ids: Collection[int], change: StatusChange, actor: Operator) -> None:
    """Change the status of accounts of one organization; sessions end at their next request.

    Raises OwnAccount, LastAdministrator, PrimaryDepartmentOutOfScope, AccountProtected,
    SelectionChanged.
    """
    accounts = locked_selection(account_ids, FUNCTION, actor)
    check_may_change(accounts, FUNCTION, actor)
    if change.ends_at is not None:
        check_may_end(accounts, actor, at=change.ends_at)
    _write(accounts, change.as_values(), actor)
    recount(account_ids, FUNCTION, actor)


def _write(accounts: Sequence[Account], values: dict[str, Any], actor: Operator) -> None:
    differing = [(account, *audit.changes(account, values)) for account in accounts]
    changed = [(account, before, after) for account, before, after in differing if after]
    ids = [account.pk for account, _before, _after in changed]
    Account.objects.filter(pk__in=ids).update(**values, updated_at=timezone.now())
    primaries = dict(
        Membership.objects.filter(account__in=ids, is_primary=True).values_list(
            "account_id", "department_id"
        )
    )
    audit.record_many(
        "account.status_changed",
        [
            audit.Change(account, before, after, primaries.get(account.pk))
            for account, before, after in changed
        ],
        actor=actor,
        batch=uuid.uuid4(),
    )
    if ids:
        signals.status_changed.send(
            sender=Account, account_ids=ids, status=values["status"], actor=actor
        )


def disable_thawed() -> int:
    """Disable the accounts whose freeze is over; how many. Skips rows that others hold."""
    count = 0
    while chunk := _disable_chunk():
        count += chunk
    return count


@transaction.atomic
def _disable_chunk() -> int:
    over = Account.objects.filter(
        status=AccountStatus.FROZEN, frozen_until__lte=timezone.now(), deleted_at=None
    ).order_by("pk")
    accounts = list(over.select_for_update(skip_locked=True)[:CHUNK])
    values = {"status": AccountStatus.DISABLED, "frozen_until": None}
    _write(accounts, values, Operator.system())
    return len(accounts)
