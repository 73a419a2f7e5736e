"""Passwords for single mail clients: making, checking, revoking them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Account
from accounts.passwords import generate_password, hash_generated
from admin_platform import audit
from admin_platform.operator import Operator
from security.choices import Protocol
from security.errors import AppPasswordNameTaken, TooManyAppPasswords
from security.models import AppPassword
from security.services.passwords import check_present_password

MAX_APP_PASSWORDS = 20


@dataclass(frozen=True, slots=True)
class Made:
    """password: told once and not kept."""

    app_password: AppPassword
    password: str


def create_app_password(
    *, account: Account, password: str, name: str, protocols: Sequence[str], actor: Operator
) -> Made:
    """Make up a password for a client.

    password: the account's own, or whoever sits down at an open session could keep a way in.
    Raises WrongPassword, AppPasswordNameTaken, TooManyAppPasswords.
    """
    check_present_password(account, password, actor=actor)
    return _create(account, name, protocols, actor)


@transaction.atomic
def _create(account: Account, name: str, protocols: Sequence[str], actor: Operator) -> Made:
    # Two at once would both find room for one more.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.app_passwords.count() >= MAX_APP_PASSWORDS:
        raise TooManyAppPasswords(MAX_APP_PASSWORDS)
    made_up = generate_password()
    try:
        with transaction.atomic():
            made = AppPassword.objects.create(
                account=account,
                name=name,
                protocols=list(protocols),
                encoded=hash_generated(made_up),
            )
    except IntegrityError:
        raise AppPasswordNameTaken(name) from None
    _record("app_password.created", made, actor)
    return Made(made, made_up)


@transaction.atomic
def revoke_app_password(*, app_password: AppPassword, actor: Operator) -> None:
    """From now on it opens nothing; who uses it already is not thrown out."""
    _record("app_password.revoked", app_password, actor)
    app_password.delete()


def _record(action: str, app_password: AppPassword, actor: Operator) -> None:
    values = {"name": app_password.name, "protocols": app_password.protocols}
    audit.record(
        action,
        actor=actor,
        target=app_password.account,
        before=values if action.endswith("revoked") else {},
        after=values if action.endswith("created") else {},
    )


def find_app_password(
    *, address: str, password: str, protocol: Protocol, ip: str | None
) -> int | None:
    """The id of the account's app password that was typed, if the protocol accepts it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app_password_id, password FROM mp_app_sign_in(%s, %s, %s)",
            [address, str(protocol), ip],
        )
        stored = cursor.fetchall()
    return next((pk for pk, encoded in stored if check_password(password, encoded)), None)


def note_use(*, app_password_id: int, ip: str | None) -> None:
    AppPassword.objects.filter(pk=app_password_id).update(last_used_at=timezone.now(), last_ip=ip)
