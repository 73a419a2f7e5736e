"""Who may lay hands on an account.

An account is *seen* by whoever administers any of its departments, and *administered* by
whoever administers its primary one: only they change its data, password, address or
status. Nobody touches an account that holds rights beyond their own, or a department
administrator could take over a full one by resetting a password.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import signals
from accounts.errors import (
    AccountProtected,
    AccountRefused,
    LastAdministrator,
    OwnAccount,
    PrimaryDepartmentOutOfScope,
)
from accounts.models import Account, Grant, Membership
from accounts.selectors.grants import full_administrator_grants, lacking
from admin_platform.operator import Operator


def check_administered(accounts: Sequence[Account], function: str, actor: Operator) -> None:
    """Raises PrimaryDepartmentOutOfScope where the function is not held for the primary one."""
    if actor.is_system:
        return
    primaries = Membership.objects.filter(account__in=accounts, is_primary=True)
    departments = {m.account_id: m.department for m in primaries.select_related("department")}
    for account in accounts:
        if account.pk not in departments or not actor.can(function, departments[account.pk]):
            raise PrimaryDepartmentOutOfScope(account.name)


def check_not_mightier(accounts: Sequence[Account], actor: Operator) -> None:
    """Raises AccountProtected for an account with grants that the actor does not hold too."""
    if actor.is_system:
        return
    others = {a.pk: a for a in accounts if a.pk != actor.account_id}
    for account in others.values():
        if account.is_staff or account.is_superuser:
            raise AccountProtected(account.name)
    grants = Grant.objects.filter(account__in=list(others)).select_related("role")
    for grant in grants.prefetch_related("departments"):
        if not _covers(actor, grant):
            raise AccountProtected(others[grant.account_id].name)


def _covers(actor: Operator, grant: Grant) -> bool:
    return not lacking(actor, grant.role, list(grant.departments.all()))


def check_may_change(accounts: Sequence[Account], function: str, actor: Operator) -> None:
    """Both checks; what every change of an account asks first."""
    check_administered(accounts, function, actor)
    check_not_mightier(accounts, actor)


def refusal(account: Account, function: str, actor: Operator) -> AccountRefused | None:
    """What a change of the account by this function would be refused with, for pages to say so."""
    try:
        check_may_change([account], function, actor)
    except AccountRefused as refused:
        return refused
    return None


def check_may_end(
    accounts: Sequence[Account], actor: Operator, *, at: datetime | None = None
) -> None:
    """Raises OwnAccount or LastAdministrator where the accounts cannot be used after `at` (now),
    and what receivers of `accounts_ending` raise.

    accounts: at least one, of an organization that is locked, or else two administrators
    could disable each other.
    """
    ending_ids = [account.pk for account in accounts]
    if actor.account_id in ending_ids:
        raise OwnAccount
    signals.accounts_ending.send(sender=Account, account_ids=ending_ids, actor=actor)
    administrators = _full_administrators(accounts[0].organization_id)
    if not administrators.filter(pk__in=ending_ids).exists():
        return
    lasting = Q(expires_at=None) | Q(expires_at__gt=at or timezone.now())
    staying = administrators.exclude(pk__in=ending_ids)
    if not staying.filter(lasting).exists():
        raise LastAdministrator


def _full_administrators(organization_id: int) -> QuerySet[Account]:
    grants = full_administrator_grants(organization_id)
    return Account.objects.filter(pk__in=grants.values("account"))
