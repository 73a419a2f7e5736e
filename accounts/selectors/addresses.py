"""Whose an address is, and which ones are free."""

from __future__ import annotations

from accounts.choices import AddressKind
from accounts.models import Account, Address
from accounts.validators import LOCAL_PART_MAX_LENGTH
from admin_platform.operator import Operator
from orgs.models import Domain

SUGGESTIONS = range(2, 30)


def holder_of(address: str, operator: Operator) -> str:
    """The name of whoever has the address, with the department; "" if that may not be told."""
    row = Address.objects.filter(address=address).exclude(kind=AddressKind.LIST).first()
    if row is None or row.account_id is None:
        return ""
    accounts = operator.at("account.view").scope(Account.objects.filter(pk=row.account_id))
    account = accounts.prefetch_related("departments").first()
    if account is None:
        return ""
    names = "、".join(department.name for department in account.departments.all())
    return f"{account.name} ({names})"


def suggested_local_part(local_part: str, domain: Domain) -> str:
    """The same with the first free number behind it; "" when all tried ones are taken."""
    stem = local_part[: LOCAL_PART_MAX_LENGTH - 2]
    candidates = [f"{stem}{number}" for number in SUGGESTIONS]
    taken = set(
        Address.objects.filter(domain=domain, local_part__in=candidates).values_list(
            "local_part", flat=True
        )
    )
    return next((c for c in candidates if c not in taken), "")


def alias_addresses(account: Account) -> list[str]:
    rows = account.addresses.filter(kind=AddressKind.ALIAS).order_by("address")
    return list(rows.values_list("address", flat=True))


def canonical_addresses(addresses: list[str], organization_id: int) -> dict[str, str]:
    """Each address with a domain alias of the organization replaced by the domain it stands for."""
    targets = dict(
        Domain.objects.filter(
            organization=organization_id,
            alias_of__isnull=False,
            name__in={address.rpartition("@")[2] for address in addresses},
        ).values_list("name", "alias_of__name")
    )
    result = {}
    for address in addresses:
        local_part, _at, domain = address.rpartition("@")
        result[address] = f"{local_part}@{targets.get(domain, domain)}"
    return result
