"""Django's view of our accounts. Signing in itself is decided by services.sign_in alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Account


class AccountBackend(ModelBackend):
    """Loads the account of a session; one that may not be used any more has no session.

    Thus disabling an account ends its sessions at their next request. Django's staff
    pages check their permissions here too.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> Account | None:
        account = (
            Account.objects.select_related("organization").filter(pk=user_id).first()
        )
        return account if account and account.is_active else None
