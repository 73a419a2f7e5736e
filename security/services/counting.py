"""Counting wrong passwords, exactly: web, console and mail clients share one count."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from security.choices import Protocol, SignInResult
from security.models import Lockout, LockoutRule
from security.selectors.lockouts import counting_rule


@transaction.atomic(savepoint=False)
def count_password(
    *,
    account_id: int,
    organization_id: int,
    is_right: bool,
    ip: str | None,
    protocol: Protocol,
    forgets: bool = True,
) -> SignInResult:
    """What a right or wrong password comes to: success, a failure more, or nothing any more.

    Whoever answers for the same account meanwhile waits for the account's row, so of any
    number of guesses at once only as many are answered as the rule allows; the others,
    checked already, learn no more than that the account is locked. A right password
    forgets the wrong ones, except from an allow-listed address: who works there must not
    give guesses from elsewhere a new start. forgets: not, while a second step is to come:
    a known password must not give guesses of its code a new start.
    """
    rule = counting_rule(organization_id, ip)
    if rule is None or (is_right and _nothing_counted(account_id)):
        return SignInResult.SUCCESS if is_right else SignInResult.WRONG_PASSWORD
    Account.objects.select_for_update(no_key=True).only("pk").get(pk=account_id)
    lockout = Lockout.objects.filter(pk=account_id).first()
    lockout = lockout or Lockout(account_id=account_id, organization_id=organization_id)
    if lockout.is_locked:
        return SignInResult.LOCKED
    if is_right:
        return _forget(lockout) if forgets else SignInResult.SUCCESS
    lockout.ip, lockout.protocol = ip, protocol
    return _add(lockout, rule)


def _nothing_counted(account_id: int) -> bool:
    """Read without the lock: who finds nothing came before any wrong password."""
    lockout = Lockout.objects.filter(pk=account_id).first()
    return lockout is None or lockout.is_clean


def _forget(lockout: Lockout) -> SignInResult:
    lockout.failed_at, lockout.locked_at, lockout.locked_until = [], None, None
    lockout.save()
    return SignInResult.SUCCESS


def seem_to_count(*, ip: str | None) -> None:
    """Ask the database as often as for a wrong password, of nobody: what is refused for
    another reason must not be quicker, or time would tell which accounts there are."""
    nobody = 0
    counting_rule(nobody, ip)
    Account.objects.select_for_update(no_key=True).only("pk").filter(pk=nobody).first()
    Lockout.objects.filter(pk=nobody).first()
    forget_failures(account_ids=[nobody])


def _add(lockout: Lockout, rule: LockoutRule) -> SignInResult:
    now = timezone.now()
    since = now - timedelta(minutes=rule.window_minutes)
    lockout.failed_at = [*(at for at in lockout.failed_at if at > since), now]
    if len(lockout.failed_at) < rule.attempts:
        lockout.save(force_insert=lockout._state.adding)
        return SignInResult.WRONG_PASSWORD
    lockout.failed_at = []
    lockout.locked_at, lockout.locked_until = now, now + timedelta(minutes=rule.lock_minutes)
    lockout.save(force_insert=lockout._state.adding)
    return SignInResult.LOCKING


def forget_failures(*, account_ids: Collection[int]) -> int:
    """Open the accounts again, with nothing counted; how many had been tried or locked."""
    return Lockout.objects.filter(pk__in=account_ids).update(
        failed_at=[], locked_at=None, locked_until=None
    )
