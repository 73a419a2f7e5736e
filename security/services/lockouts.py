"""Unlocking accounts, and when they lock (manual, 9.2.2)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.errors import RangeTaken, TooManyRanges
from security.models import Lockout, LockoutExemption, LockoutRule
from security.ranges import AddressRange
from security.selectors.lockouts import lockout_rule_of
from security.services.counting import forget_failures

MAX_EXEMPTIONS = 200


@transaction.atomic
def unlock_accounts(*, account_ids: Sequence[int], actor: Operator) -> int:
    """Open them again, with nothing counted against them; how many were locked.

    Whoever sees an account may unlock it: that gives no power over it.
    """
    lockouts = Lockout.objects.filter(pk__in=account_ids, locked_until__gt=timezone.now())
    found = list(lockouts.select_for_update(of=("self",)).select_related("account").order_by("pk"))
    departments = _primary_departments([lockout.pk for lockout in found])
    audit.record_many(
        "account.unlocked",
        [
            audit.Change(lockout.account, department_id=departments.get(lockout.pk))
            for lockout in found
        ],
        actor=actor,
        batch=uuid.uuid4(),
    )
    return forget_failures(account_ids=[lockout.pk for lockout in found])


def _primary_departments(account_ids: Sequence[int]) -> dict[int, int]:
    rows = Membership.objects.filter(account__in=account_ids, is_primary=True)
    return dict(rows.values_list("account_id", "department_id"))


@transaction.atomic
def change_lockout_rule(
    *,
    organization: Organization,
    is_on: bool,
    attempts: int,
    window_minutes: int,
    lock_minutes: int,
    actor: Operator,
) -> LockoutRule:
    """Counts anew from the next wrong password on; locks that hold keep their end."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    rule = lockout_rule_of(organization.pk)
    values = {
        "is_on": is_on,
        "attempts": attempts,
        "window_minutes": window_minutes,
        "lock_minutes": lock_minutes,
    }
    before, after = audit.changes(rule, values)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.full_clean(validate_unique=False)
    rule.save()
    audit.record("lockout.configured", actor=actor, target=rule, before=before, after=after)
    return rule


@transaction.atomic
def create_exemption(
    *, organization: Organization, range: AddressRange, note: str = "", actor: Operator
) -> LockoutExemption:
    """Raises RangeTaken, TooManyRanges."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    present = LockoutExemption.objects.filter(organization=organization)
    if present.count() >= MAX_EXEMPTIONS:
        raise TooManyRanges(MAX_EXEMPTIONS)
    first, last = str(range.first), str(range.last)
    if present.filter(first=first, last=last).exists():
        raise RangeTaken(str(range))
    exemption = LockoutExemption.objects.create(
        organization=organization, first=first, last=last, note=note
    )
    audit.record("lockout.range_added", actor=actor, target=exemption, after={"note": note})
    return exemption


@transaction.atomic
def delete_exemption(*, exemption: LockoutExemption, actor: Operator) -> None:
    audit.record(
        "lockout.range_removed", actor=actor, target=exemption, before={"note": exemption.note}
    )
    exemption.delete()
