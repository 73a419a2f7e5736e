"""Django's view of our accounts. Signing in itself is decided by services.sign_in alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import Account


class AccountBackend(ModelBackend):
    """Loads the account of a session, and answers the permission checks of the staff pages.

    An account that may not be used any more has no session: disabling it ends its
    sessions at their next request.
    """

    def authenticate(self, *_: Any, **__: Any) -> None:
        """Nobody signs in past the service."""

    def get_user(self, user_id: int) -> Account | None:
        accounts = Account.objects.select_related(
            "organization__password_rule", "organization__sign_in_rule", "second_factor"
        )
        account = accounts.filter(pk=user_id).first()
        return account if account and account.is_active else None
