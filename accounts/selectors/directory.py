"""The directory of an organization, as its members and its administrators see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import (
    Account,
    Address,
    ClosedDepartment,
    Directory,
    DirectoryEntry,
    Membership,
)
from accounts.selectors.search import search_condition
from admin_platform.operator import Span
from admin_platform.scopes import within


def is_on(organization_id: int) -> bool:
    return not Directory.objects.filter(organization=organization_id, is_on=False).exists()


def members_shown_to(member: Account) -> QuerySet[Account]:
    """Whom a member finds in the directory, with `shown_address`; nobody while it is off."""
    if not is_on(member.organization_id):
        return with_shown_address(Account.objects.none())
    hidden = DirectoryEntry.objects.filter(account=OuterRef("pk"), is_visible=False)
    usable = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    accounts = Account.objects.filter(
        ~Exists(hidden),
        usable,
        organization=member.organization_id,
        deleted_at=None,
        mailbox__isnull=False,
    ).exclude(status=AccountStatus.DISABLED)
    if spans := _closed_to(member):
        memberships = Membership.objects.filter(account=OuterRef("pk"))
        accounts = accounts.filter(Exists(memberships.exclude(within(spans, "department__"))))
    return with_shown_address(accounts)


def with_shown_address(accounts: QuerySet[Account]) -> QuerySet[Account]:
    chosen = DirectoryEntry.objects.filter(account=OuterRef("pk")).values("address__address")
    return accounts.annotate(shown_address=Coalesce(Subquery(chosen), F("address")))


def found_by(member: Account, query: str) -> QuerySet[Account]:
    """Whom a member finds by name, pinyin or address, by name."""
    shown = members_shown_to(member).filter(search_condition(query, few=False))
    return shown.order_by("pinyin", "pk")


def shown_addresses(members: QuerySet[Account]) -> list[tuple[str, str]]:
    """Name and address shown of members that the directory shows."""
    return [(member.name, member.shown_address) for member in members]  # type: ignore[attr-defined]


def _closed_to(member: Account) -> tuple[Span, ...]:
    """The closed departments that the member is not in."""
    own = list(member.memberships.values_list("department__tree_id", "department__lft"))
    closed = ClosedDepartment.objects.filter(department__organization=member.organization_id)
    rows = closed.values_list("department__tree_id", "department__lft", "department__rght")
    return tuple(
        Span(tree_id, lft, rght)
        for tree_id, lft, rght in rows
        if not any(tree == tree_id and lft <= place <= rght for tree, place in own)
    )


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """A line of the administrators' list. addresses: all of the account, the primary first."""

    account: Account
    addresses: list[Address]
    shown_id: int | None
    is_visible: bool

    @property
    def shown(self) -> str:
        found = (a.address for a in self.addresses if a.pk == self.shown_id)
        return next(found, self.account.address)


def directory_lines(accounts: Collection[Account]) -> list[DirectoryLine]:
    """Two queries for any number of accounts."""
    ids = [account.pk for account in accounts]
    entries = DirectoryEntry.objects.in_bulk(ids)
    addresses: dict[int | None, list[Address]] = defaultdict(list)
    for address in Address.objects.filter(account__in=ids).order_by("-kind", "address"):
        addresses[address.account_id].append(address)
    return [
        DirectoryLine(
            account,
            addresses[account.pk],
            shown_id=entries[account.pk].address_id if account.pk in entries else None,
            is_visible=account.pk not in entries or entries[account.pk].is_visible,
        )
        for account in accounts
    ]
