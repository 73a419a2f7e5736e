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
from security.errors import WrongPassword


def check_present_password(account: Account, password: str) -> None:
    """Raises WrongPassword."""
    if not check_password(password, account.password):
        raise WrongPassword


@transaction.atomic
def change_own_password(
    *, account: Account, old_password: str, new_password: str, actor: Operator
) -> None:
    """Set a new password; every other session of the account ends with the old one.

    Raises ValidationError for a wrong old password or a new one that the rules refuse.
    """
    if not account.check_password(old_password):
        raise ValidationError({"old_password": _("This is not the present password.")})
    if old_password == new_password:
        raise ValidationError({"new_password": _("The new password is the present one.")})
    try:
        validate_password(new_password, account)
    except ValidationError as error:
        raise ValidationError({"new_password": error.messages}) from None
    account.set_password(new_password)
    account.must_change_password = False
    account.password_changed_at = timezone.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record("account.own_password_changed", actor=actor, target=account)
