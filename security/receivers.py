from typing import Any

from django.dispatch import receiver

from accounts.models import Account
from accounts.signals import password_reset
from security.services.counting import forget_failures


@receiver(password_reset)
def forget_guesses_of_the_old_password(account: Account, **_: Any) -> None:
    """Who was locked out and got a new password from the helpdesk can use it at once."""
    forget_failures(account_ids=[account.pk])
