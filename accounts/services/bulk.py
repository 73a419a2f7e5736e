"""What changes of many accounts have in common."""

from __future__ import annotations

from collections.abc import Collection

from accounts.errors import SelectionChanged, SelectionTooLarge
from accounts.models import Account
from accounts.services.limits import lock_organization
from admin_platform.operator import Operator

# More at once would keep others waiting for the organization's lock.
MAX_SELECTED = 2000


def locked_selection(account_ids: Collection[int], function: str, actor: Operator) -> list[Account]:
    """The chosen accounts of one organization; it and they are locked, in this order.

    Raises SelectionTooLarge, and SelectionChanged where one is gone or out of scope.
    """
    wanted = set(account_ids)
    if len(wanted) > MAX_SELECTED:
        raise SelectionTooLarge(MAX_SELECTED)
    first = Account.objects.filter(pk__in=wanted).first()
    if first is None:
        raise SelectionChanged
    organization = lock_organization(first.organization_id)
    present = organization.accounts.filter(pk__in=wanted, deleted_at=None)
    in_scope = actor.at(function).scope(present).order_by("pk")
    accounts = list(in_scope.select_for_update(of=("self",)))
    if len(accounts) != len(wanted):
        raise SelectionChanged
    return accounts


def recount(account_ids: Collection[int], function: str, actor: Operator) -> None:
    """Raises SelectionChanged, and so undoes everything, where a written row left the scope."""
    in_scope = actor.at(function).scope(Account.objects.filter(pk__in=account_ids))
    if in_scope.count() != len(set(account_ids)):
        raise SelectionChanged
