"""Mailing lists: an address, its members, and who may write to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.choices import AddressKind
from accounts.models import Account, Address
from accounts.validators import validate_address, validate_local_part
from admin_platform import audit
from admin_platform.operator import Operator
from mailing_lists.choices import ListStatus, SenderRule
from mailing_lists.errors import AddressTaken, ListLoop
from mailing_lists.models import ListMember, ListSender, MailingList
from orgs.models import Department, Domain


@transaction.atomic
def create_list(
    *,
    domain: Domain,
    local_part: str,
    name: str,
    actor: Operator,
    sender_rule: SenderRule = SenderRule.INSIDE,
    in_directory: bool = False,
) -> MailingList:
    """Create a list without members. Raises AddressTaken, ValidationError."""
    local_part = local_part.strip().lower()
    validate_local_part(local_part)
    address, created = Address.objects.get_or_create(
        address=f"{local_part}@{domain.name}",
        defaults={"local_part": local_part, "domain": domain, "kind": AddressKind.LIST},
    )
    if not created:
        raise AddressTaken(address.address)
    made = MailingList.objects.create(
        organization_id=domain.organization_id,
        address=address,
        name=name,
        sender_rule=sender_rule,
        in_directory=in_directory,
    )
    audit.record("list.created", actor=actor, target=made, after={"sender_rule": sender_rule})
    return made


@transaction.atomic
def add_members(
    *,
    mailing_list: MailingList,
    actor: Operator,
    accounts: Iterable[Account] = (),
    departments: Iterable[Department] = (),
    lists: Iterable[MailingList] = (),
    outside: Iterable[str] = (),
) -> None:
    """Add members; those there already stay. Raises ListLoop, ValidationError."""
    # Nesting is decided one at a time, or two changes at once could close a circle.
    MailingList.objects.select_for_update().filter(
        organization_id=mailing_list.organization_id
    ).count()
    members = [
        *(ListMember(mailing_list=mailing_list, account=account) for account in accounts),
        *(ListMember(mailing_list=mailing_list, department=d) for d in departments),
        *(_nested(mailing_list, other) for other in lists),
        *(_outside(mailing_list, address) for address in outside),
    ]
    ListMember.objects.bulk_create(members, ignore_conflicts=True)
    audit.record(
        "list.members_added",
        actor=actor,
        target=mailing_list,
        after={"members": [str(member) for member in members]},
    )


@transaction.atomic
def remove_members(
    *, mailing_list: MailingList, actor: Operator, accounts: Iterable[Account]
) -> None:
    """Remove accounts that are members by themselves; a department may still make them ones."""
    members = mailing_list.members.filter(account__in=list(accounts)).select_related("account")
    names = [str(member) for member in members]
    if not names:
        return
    members.delete()
    audit.record(
        "list.members_removed", actor=actor, target=mailing_list, before={"members": names}
    )


@transaction.atomic
def set_senders(
    *,
    mailing_list: MailingList,
    sender_rule: SenderRule,
    actor: Operator,
    accounts: Iterable[Account] = (),
    outside: Iterable[str] = (),
) -> None:
    """Say who may write to the list; the senders named before are forgotten."""
    before = {
        "sender_rule": mailing_list.sender_rule,
        "senders": [str(sender) for sender in mailing_list.senders.select_related("account")],
    }
    senders = [
        *(ListSender(mailing_list=mailing_list, account=account) for account in accounts),
        *(ListSender(mailing_list=mailing_list, outside=a.strip().lower()) for a in outside),
    ]
    mailing_list.senders.all().delete()
    ListSender.objects.bulk_create(senders)
    mailing_list.sender_rule = sender_rule
    mailing_list.save(update_fields=["sender_rule"])
    after = {"sender_rule": sender_rule, "senders": [str(sender) for sender in senders]}
    audit.record("list.changed", actor=actor, target=mailing_list, before=before, after=after)


@transaction.atomic
def set_list_status(*, mailing_list: MailingList, status: ListStatus, actor: Operator) -> None:
    before = {"status": mailing_list.status}
    mailing_list.status = status
    mailing_list.save(update_fields=["status"])
    audit.record(
        "list.changed", actor=actor, target=mailing_list, before=before, after={"status": status}
    )


def _outside(mailing_list: MailingList, address: str) -> ListMember:
    address = address.strip().lower()
    validate_address(address)
    return ListMember(mailing_list=mailing_list, outside=address)


def _nested(mailing_list: MailingList, other: MailingList) -> ListMember:
    if other == mailing_list or _contains(other, mailing_list):
        raise ListLoop(other.name)
    return ListMember(mailing_list=mailing_list, nested=other)


def _contains(outer: MailingList, inner: MailingList) -> bool:
    """Whether a list reaches another through nested lists."""
    seen: set[int] = set()
    level = {outer.pk}
    while level:
        if inner.pk in level:
            return True
        seen |= level
        below = ListMember.objects.filter(mailing_list__in=level, nested__isnull=False)
        level = set(below.values_list("nested_id", flat=True)) - seen
    return False
