"""Addresses: each is one row of Address, whose uniqueness decides every race."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts import signals
from accounts.checks import MAX_ALIASES
from accounts.choices import AddressKind
from accounts.errors import (
    AddressTaken,
    AliasDomainNotUsable,
    AliasTaken,
    DomainNotUsable,
    TooManyAliases,
)
from accounts.models import Account, Address
from accounts.selectors.addresses import alias_addresses, holder_of, suggested_local_part
from accounts.services.limits import lock_organization
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from admin_platform.operator import Operator
from orgs.models import Domain


def check_domain(domain: Domain, organization_id: int) -> None:
    """Raises DomainNotUsable for another organization's domain and for a domain alias."""
    if domain.organization_id != organization_id or domain.alias_of_id is not None:
        raise DomainNotUsable(domain.name)


def take_address(*, account: Account, local_part: str, domain: Domain, actor: Operator) -> Address:
    """Reserve the account's primary address. Raises AddressTaken, with another one to try."""
    address = f"{local_part}@{domain.name}"
    row = Address(
        address=address,
        local_part=local_part,
        domain=domain,
        kind=AddressKind.PRIMARY,
        account=account,
    )
    if not _saved(row):
        raise address_taken(local_part, domain, actor)
    return row


def address_taken(local_part: str, domain: Domain, actor: Operator) -> AddressTaken:
    address = f"{local_part}@{domain.name}"
    return AddressTaken(
        address,
        holder=holder_of(address, actor),
        suggestion=suggested_local_part(local_part, domain),
    )


def _saved(row: Address) -> bool:
    """Whether the address was free. Lists take theirs without our lock, so the index decides."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True


def add_aliases(*, account: Account, aliases: Sequence[str], actor: Operator) -> None:
    """aliases: whole addresses as `checks.clean_alias` returns them, not the account's yet."""
    names = {alias.rpartition("@")[2] for alias in aliases}
    domains = {
        domain.name: domain
        for domain in Domain.objects.filter(
            organization=account.organization_id, alias_of=None, name__in=names
        )
    }
    for alias in aliases:
        local_part, _at, name = alias.rpartition("@")
        if name not in domains:
            raise AliasDomainNotUsable(name)
        row = Address(
            address=alias,
            local_part=local_part,
            domain=domains[name],
            kind=AddressKind.ALIAS,
            account=account,
        )
        if not _saved(row):
            raise AliasTaken(alias, holder=holder_of(alias, actor))


@transaction.atomic
def set_aliases(*, account: Account, aliases: Sequence[str], actor: Operator) -> None:
    """Give the account exactly these aliases; whole addresses in the organization's domains.

    Raises TooManyAliases, AliasTaken, AliasDomainNotUsable.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    check_may_change([account], "account.change", actor)
    wanted = list(dict.fromkeys(aliases))
    before = alias_addresses(account)
    added = [alias for alias in wanted if alias not in before]
    removed = [alias for alias in before if alias not in wanted]
    if not added and not removed:
        return
    if len(wanted) > MAX_ALIASES:
        raise TooManyAliases(MAX_ALIASES)
    account.addresses.filter(kind=AddressKind.ALIAS, address__in=removed).delete()
    add_aliases(account=account, aliases=added, actor=actor)
    record_change(account, {"aliases": before}, {"aliases": alias_addresses(account)}, actor=actor)
    signals.aliases_changed.send(
        sender=Account, account=account, added=added, removed=removed, actor=actor
    )


@transaction.atomic
def change_address(
    *, account: Account, local_part: str, domain: Domain, keep_alias: bool, actor: Operator
) -> None:
    """Give the account another primary address; with keep_alias the old one stays as an alias.

    An own alias can become the primary address. Raises AddressTaken, DomainNotUsable,
    TooManyAliases.
    """
    lock_organization(account.organization_id)
    account = Account.objects.select_for_update().get(pk=account.pk)
    check_may_change([account], "account.change", actor)
    check_domain(domain, account.organization_id)
    old, new = account.address, f"{local_part}@{domain.name}"
    if old == new:
        return
    own = Address.objects.get(account=account, kind=AddressKind.PRIMARY)
    Address.objects.filter(account=account, kind=AddressKind.ALIAS, address=new).delete()
    own.address, own.local_part, own.domain = new, local_part, domain
    if not _saved(own):
        raise address_taken(local_part, domain, actor)
    account.local_part, account.domain, account.address = local_part, domain, new
    account.save(update_fields=["local_part", "domain", "address", "updated_at"])
    if keep_alias:
        if account.addresses.filter(kind=AddressKind.ALIAS).count() >= MAX_ALIASES:
            raise TooManyAliases(MAX_ALIASES)
        add_aliases(account=account, aliases=[old], actor=actor)
    after = {"address": new} | ({"kept_as_alias": old} if keep_alias else {})
    record_change(account, {"address": old}, after, actor=actor)
    signals.address_changed.send(
        sender=Account, account=account, old_address=old, kept_as_alias=keep_alias, actor=actor
    )
