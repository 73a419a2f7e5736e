"""Whether wrong passwords have locked an account: {% locked_until account as until %}."""

from datetime import datetime

from django import template

from accounts.models import Account
from security.selectors.lockouts import locked_accounts

register = template.Library()


@register.simple_tag
def locked_until(account: Account) -> datetime | None:
    return locked_accounts().filter(pk=account.pk).values_list("locked_until", flat=True).first()
