"""A member's second factor: setting it up, checking a code, switching it off."""

from __future__ import annotations

from math import ceil

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from admin_platform import audit, crypto
from admin_platform.operator import Operator
from security import recovery_codes
from security.errors import (
    CodeRefused,
    CodeTooSoon,
    NoSecondFactor,
    SecondFactorNeeded,
)
from security.models import RecoveryCode, SecondFactor
from security.models.second_factor import MAX_THROTTLED_FAILURES
from security.selectors.sign_in_rules import needs_second_factor
from security.services.passwords import check_present_password
from security.totp import accepted_step


def enable_second_factor(
    *, account: Account, password: str, secret: str, code: str, actor: Operator
) -> list[str]:
    """Keep a secret that an app has, proved by its code; the recovery codes to show once.

    Another one set up before is replaced. Raises CodeRefused, WrongPassword,
    TooManyWrongPasswords.
    """
    step = accepted_step(secret, code)
    if step is None:
        raise CodeRefused
    check_present_password(account, password, actor=actor)
    return _enable(account, secret, step, actor)


@transaction.atomic
def _enable(account: Account, secret: str, step: int, actor: Operator) -> list[str]:
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    SecondFactor.objects.update_or_create(
        user=account,
        defaults={
            "name": "totp",
            "secret": crypto.encrypt(secret),
            "last_step": step,
            "enabled_at": timezone.now(),
            "throttling_failure_count": 0,
            "throttling_failure_timestamp": None,
        },
    )
    audit.record("second_factor.enabled", actor=actor, target=account)
    return _new_recovery_codes(account)


def _new_recovery_codes(account: Account) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = recovery_codes.new_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=recovery_codes.digest(account.pk, code))
        for code in codes
    )
    return codes


def renew_recovery_codes(*, account: Account, password: str, actor: Operator) -> list[str]:
    """Replace all recovery codes. Raises WrongPassword, NoSecondFactor."""
    check_present_password(account, password, actor=actor)
    return _renew(account, actor)


@transaction.atomic
def _renew(account: Account, actor: Operator) -> list[str]:
    _locked(account)
    audit.record("second_factor.codes_renewed", actor=actor, target=account)
    return _new_recovery_codes(account)


def disable_second_factor(*, account: Account, password: str, actor: Operator) -> None:
    """Raises WrongPassword, NoSecondFactor; SecondFactorNeeded where the organization wants it."""
    if needs_second_factor(account, actor):
        raise SecondFactorNeeded
    check_present_password(account, password, actor=actor)
    with transaction.atomic():
        _remove(account)
        audit.record("second_factor.disabled", actor=actor, target=account)


@transaction.atomic
def reset_second_factor(*, account: Account, actor: Operator) -> None:
    """Take a lost second factor off a member, who signs in with the password alone then.

    Raises NoSecondFactor and what `check_may_change` raises.
    """
    check_may_change([account], "member_security.reset", actor)
    _remove(account)
    record_change(account, {}, {}, actor=actor, action="second_factor.reset")


def _locked(account: Account) -> SecondFactor:
    try:
        found: SecondFactor = SecondFactor.objects.select_for_update().get(user=account)
    except SecondFactor.DoesNotExist:
        raise NoSecondFactor from None
    return found


def _remove(account: Account) -> None:
    _locked(account).delete()
    RecoveryCode.objects.filter(account=account).delete()


@transaction.atomic
def check_code(*, account: Account, code: str) -> bool:
    """Whether the code of the app, or a recovery code, is right; each is so only once.

    Raises NoSecondFactor; CodeTooSoon, for after wrong codes it takes longer and longer until
    one is looked at again.
    """
    factor = _locked(account)
    allowed, why = factor.verify_is_allowed()
    if not allowed:
        raise CodeTooSoon(ceil((why["locked_until"] - timezone.now()).total_seconds()))
    if _accepts(factor, "".join(code.split())):
        factor.throttle_reset()
        return True
    factor.throttle_increment(commit=False)
    factor.throttling_failure_count = min(factor.throttling_failure_count, MAX_THROTTLED_FAILURES)
    factor.save()
    return False


def _accepts(factor: SecondFactor, code: str) -> bool:
    step = accepted_step(crypto.decrypt(factor.secret), code, after=factor.last_step)
    if step is not None:
        factor.last_step = step
        return True
    unused = RecoveryCode.objects.filter(
        account=factor.user, digest=recovery_codes.digest(factor.user_id, code), used_at=None
    )
    return unused.update(used_at=timezone.now()) == 1
