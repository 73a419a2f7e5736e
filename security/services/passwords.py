"""One's own password."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from admin_platform import audit
from admin_platform.operator import Operator
from security.choices import LOCK_RESULTS, Protocol, SignInResult
from security.errors import TooManyWrongPasswords, WrongPassword
from security.services.counting import count_password
from security.signals import sessions_ended


def check_present_password(account: Account, password: str, *, actor: Operator) -> None:
    """Ask the owner of an open session for the password, whoever sits there now.

    A wrong one counts as at a sign-in, so it must not be asked in a transaction that the
    refusal undoes. Raises WrongPassword, TooManyWrongPasswords.
    """
    result = count_password(
        account_id=account.pk,
        organization_id=account.organization_id,
        is_right=check_password(password, account.password),
        ip=actor.ip,
        protocol=Protocol.WEB,
    )
    if result in LOCK_RESULTS:
        raise TooManyWrongPasswords
    if result is not SignInResult.SUCCESS:
        raise WrongPassword


def change_own_password(
    *, account: Account, old_password: str, new_password: str, actor: Operator
) -> None:
    """Set a new password; every other session of the account ends with the old one.

    Raises WrongPassword, TooManyWrongPasswords, and ValidationError for a new password that
    the rules refuse.
    """
    check_present_password(account, old_password, actor=actor)
    if old_password == new_password:
        raise ValidationError({"new_password": _("The new password is the present one.")})
    try:
        validate_password(new_password, account)
    except ValidationError as error:
        raise ValidationError({"new_password": error.messages}) from None
    _set(account, new_password, actor)


@transaction.atomic
def _set(account: Account, new_password: str, actor: Operator) -> None:
    account.set_password(new_password)
    account.must_change_password = False
    account.password_changed_at = timezone.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record("account.own_password_changed", actor=actor, target=account)
    sessions_ended.send(sender=Account, account=account)
