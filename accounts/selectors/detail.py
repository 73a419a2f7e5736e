"""What the page of an account shows beside the account itself."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import groups
from accounts.models import Account, Membership
from accounts.selectors.addresses import alias_addresses
from admin_platform.operator import Operator
from orgs.selectors.departments import paths


@dataclass(frozen=True, slots=True)
class Place:
    """A department of an account. is_open, lists_accounts: whether the operator may look into
    the department itself, and see its accounts."""

    pk: int
    path: str
    is_primary: bool
    is_open: bool
    lists_accounts: bool


@dataclass(frozen=True, slots=True)
class Joined:
    label: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """places: the primary one first. joined: the groups that the operator may put it into."""

    places: list[Place]
    aliases: list[str]
    joined: list[Joined]


def account_detail(account: Account, operator: Operator) -> AccountDetail:
    return AccountDetail(
        places(account, operator), alias_addresses(account), _joined(account, operator)
    )


def places(account: Account, operator: Operator) -> list[Place]:
    """All departments of an account, the primary one first."""
    rows = Membership.objects.filter(account=account).select_related("department")
    memberships = list(rows.order_by("-is_primary", "pk"))
    path = paths(membership.department_id for membership in memberships)
    return [
        Place(
            pk=membership.department_id,
            path=path[membership.department_id],
            is_primary=membership.is_primary,
            is_open=operator.can("department.view", membership.department),
            lists_accounts=operator.can("account.view", membership.department),
        )
        for membership in memberships
    ]


def _joined(account: Account, operator: Operator) -> list[Joined]:
    found = []
    for provider in groups.providers():
        choices = provider.choices(operator)
        keys = set(provider.joined(account)) if choices else set()
        names = [f"{c.label} {c.detail}".strip() for c in choices if c.key in keys]
        if choices:
            found.append(Joined(str(provider.label), names))
    return found
