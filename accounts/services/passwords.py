"""Passwords that administrators set for others."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.errors import OwnPassword
from accounts.models import Account
from accounts.passwords import check_password_rules, generate_password, hash_generated
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from accounts.signals import password_reset
from admin_platform.operator import Operator


@transaction.atomic
def reset_password(
    *, account: Account, actor: Operator, password: str = "", must_change_password: bool = True
) -> str:
    """Set another password; all sessions of the account end with the old one.

    password: empty to have one made up, which is returned and must be changed at the next
    sign-in. Raises PasswordRefused, OwnPassword.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.pk == actor.account_id:
        raise OwnPassword
    check_may_change([account], "account.password", actor)
    made_up = ""
    if password:
        check_password_rules(password, account)
        account.set_password(password)
    else:
        made_up = generate_password(account)
        account.password = hash_generated(made_up)
    account.must_change_password = must_change_password or bool(made_up)
    account.password_changed_at = timezone.now()
    account.save(
        update_fields=["password", "must_change_password", "password_changed_at", "updated_at"]
    )
    record_change(
        account,
        {},
        {"generated": bool(made_up), "must_change_at_sign_in": account.must_change_password},
        actor=actor,
        action="account.password_reset",
    )
    password_reset.send(sender=Account, account=account, actor=actor)
    return made_up
