from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from accounts.selectors.search import search_condition, words
from security.models import Lockout, LockoutRule


def lockout_rule_of(organization_id: int) -> LockoutRule:
    """What holds for the organization; not stored yet where nobody changed it."""
    found = LockoutRule.objects.filter(organization=organization_id).first()
    return found or LockoutRule(organization_id=organization_id)


def counting_rule(organization_id: int, ip: str | None) -> LockoutRule | None:
    """By which rule a wrong password from there counts; None where it does not."""
    rule = lockout_rule_of(organization_id)
    never_locks = _never_locks(organization_id, ip)
    return rule if rule.is_on and not never_locks else None


def _never_locks(organization_id: int, ip: str | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mp_never_locks(%s, %s)", [organization_id, ip])
        return bool(cursor.fetchone()[0])


def locked_accounts() -> QuerySet[Lockout]:
    """Those that are locked now; where locking is off, no lock holds."""
    locked = Lockout.objects.filter(locked_until__gt=timezone.now())
    return locked.exclude(organization__lockout_rule__is_on=False)


def search(lockouts: QuerySet[Lockout], query: str) -> QuerySet[Lockout]:
    if not words(query):
        return lockouts
    return lockouts.filter(account__in=Account.objects.filter(search_condition(query, few=True)))


def lockout_rows() -> QuerySet[Lockout]:
    """What a row of the list shows."""
    return Lockout.objects.select_related("account").prefetch_related("account__departments")
