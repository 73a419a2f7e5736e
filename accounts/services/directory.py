"""The directory: which address it shows of whom, to whom, or nothing at all (manual, 5.1)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.errors import AddressNotOwn, DirectoryOfAll, SelectionChanged
from accounts.models import Account, Address, ClosedDepartment, Directory, DirectoryEntry
from accounts.services.protection import check_administered
from accounts.services.records import primary_department_id, record_change
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department, Organization

FUNCTION = "directory.manage"
MAX_AT_ONCE = 500


@transaction.atomic
def switch_directory(*, organization: Organization, is_on: bool, actor: Operator) -> None:
    """Show the directory to members, or to nobody. Raises DirectoryOfAll."""
    if not actor.can_everywhere(FUNCTION):
        raise DirectoryOfAll
    directory, _made = Directory.objects.select_for_update().get_or_create(
        organization=organization
    )
    if directory.is_on == is_on:
        return
    directory.is_on = is_on
    directory.save()
    audit.record(
        "directory.switched",
        actor=actor,
        target=organization,
        before={"is_on": not is_on},
        after={"is_on": is_on},
    )


@transaction.atomic
def show_members(*, account_ids: Collection[int], is_visible: bool, actor: Operator) -> None:
    """Show accounts or hide them. Raises SelectionChanged, PrimaryDepartmentOutOfScope."""
    accounts = _locked(account_ids, actor)
    entries = DirectoryEntry.objects.in_bulk([account.pk for account in accounts])
    changed = [
        account
        for account in accounts
        if (account.pk not in entries or entries[account.pk].is_visible) != is_visible
    ]
    DirectoryEntry.objects.bulk_create(
        [DirectoryEntry(account=account, is_visible=is_visible) for account in changed],
        update_conflicts=True,
        unique_fields=["account"],
        update_fields=["is_visible"],
    )
    before, after = {"is_visible": not is_visible}, {"is_visible": is_visible}
    changes = [
        audit.Change(account, before, after, primary_department_id(account)) for account in changed
    ]
    audit.record_many("directory.member_shown", changes, actor=actor, batch=uuid.uuid4())


@transaction.atomic
def choose_address(*, account: Account, address: Address, actor: Operator) -> None:
    """Have the directory show this address of the account.

    Raises AddressNotOwn, SelectionChanged, PrimaryDepartmentOutOfScope.
    """
    (account,) = _locked([account.pk], actor)
    if address.account_id != account.pk:
        raise AddressNotOwn(address.address)
    entry, _made = DirectoryEntry.objects.select_related("address").get_or_create(account=account)
    before = entry.address.address if entry.address else account.address
    if before == address.address:
        return
    DirectoryEntry.objects.filter(pk=account.pk).update(address=address)
    record_change(
        account,
        {"address": before},
        {"address": address.address},
        actor=actor,
        action="directory.address_chosen",
    )


def _locked(account_ids: Collection[int], actor: Operator) -> Sequence[Account]:
    wanted = set(account_ids)
    present = Account.objects.filter(pk__in=list(wanted)[: MAX_AT_ONCE + 1], deleted_at=None)
    in_scope = actor.at(FUNCTION).scope(present).order_by("pk")
    accounts = list(in_scope.select_for_update(of=("self",), no_key=True))
    if not wanted or len(accounts) != len(wanted):
        raise SelectionChanged
    check_administered(accounts, FUNCTION, actor)
    return accounts


@transaction.atomic
def close_department(*, department: Department, is_closed: bool, actor: Operator) -> None:
    """Show members of a department to one another only, or to all. Raises SelectionChanged."""
    if not actor.at(FUNCTION).scope(Department.objects.filter(pk=department.pk)).exists():
        raise SelectionChanged
    if is_closed:
        _entry, is_new = ClosedDepartment.objects.get_or_create(department=department)
    else:
        is_new = bool(ClosedDepartment.objects.filter(department=department).delete()[0])
    if is_new:
        audit.record(
            "directory.department_closed",
            actor=actor,
            target=department,
            before={"is_closed": not is_closed},
            after={"is_closed": is_closed},
            department_id=department.pk,
        )
