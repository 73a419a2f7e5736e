"""Deleting accounts and restoring them within 7 days (manual, 4.2③ and 10.5).

A deleted account can neither sign in nor send nor receive, belongs to no department and
takes no seat; its addresses stay reserved. "Back up, then delete" moves its mail into the
mailbox of another account, which sees it as a folder tree.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts import signals
from accounts.choices import AccountStatus
from accounts.errors import HeirRefused, MailboxMissing, SelectionChanged
from accounts.models import Account, Deletion, Mailbox, Membership
from accounts.selectors.forwards import addresses_of, forwarding_to
from accounts.services.bulk import locked_selection
from accounts.services.limits import check_seats, lock_organization
from accounts.services.protection import check_may_change, check_may_end, check_not_mightier
from accounts.services.records import record_change
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department, Organization

FUNCTION = "account.delete"


@transaction.atomic
def delete_accounts(
    *, account_ids: Collection[int], actor: Operator, heir: Account | None = None
) -> None:
    """Delete accounts of one organization; sessions end at their next request.

    heir: whose mailbox takes their mail. Raises OwnAccount, LastAdministrator,
    PrimaryDepartmentOutOfScope, AccountProtected, SelectionChanged, HeirRefused, and what
    receivers of `accounts_ending` raise.
    """
    accounts = locked_selection(account_ids, FUNCTION, actor)
    check_may_change(accounts, FUNCTION, actor)
    check_may_end(accounts, actor)
    heir = _checked_heir(heir, accounts, actor) if heir else None
    places = _places([account.pk for account in accounts])
    _write(accounts, places, heir, actor)
    _end_forwards(accounts, actor)
    signals.accounts_deleted.send(
        sender=Account, account_ids=[account.pk for account in accounts], heir=heir, actor=actor
    )


def _checked_heir(heir: Account, accounts: Sequence[Account], actor: Operator) -> Account:
    present = Account.objects.filter(
        pk=heir.pk, organization=accounts[0].organization_id, deleted_at=None
    )
    in_scope = actor.at(FUNCTION).scope(present)
    current = in_scope.select_related("mailbox").select_for_update(of=("self",)).first()
    if current is None:
        raise SelectionChanged
    if current.pk in {account.pk for account in accounts}:
        raise HeirRefused.is_deleted_too(current.name)
    if current.status == AccountStatus.DISABLED or current.is_expired:
        raise HeirRefused.cannot_be_used(current.name)
    if not current.has_mailbox:
        raise HeirRefused(str(MailboxMissing(current.name)))
    _check_room(current.mailbox, accounts)
    return current


def _check_room(mailbox: Mailbox, accounts: Sequence[Account]) -> None:
    usages = Mailbox.objects.filter(account__in=accounts).values_list("usage_bytes", flat=True)
    free, needed = mailbox.quota_bytes - mailbox.usage_bytes, sum(usages)
    if mailbox.quota_bytes and needed > free:
        raise HeirRefused.has_no_room(mailbox.account.name, free=max(0, free), needed=needed)


def _places(account_ids: Collection[int]) -> dict[int, list[int]]:
    """For each account its departments, the primary one first."""
    places: dict[int, list[int]] = {pk: [] for pk in account_ids}
    memberships = Membership.objects.filter(account__in=account_ids).order_by("-is_primary", "pk")
    for account_id, department_id in memberships.values_list("account_id", "department_id"):
        places[account_id].append(department_id)
    return places


def _write(
    accounts: Sequence[Account],
    places: dict[int, list[int]],
    heir: Account | None,
    actor: Operator,
) -> None:
    now, after = timezone.now(), {"heir": heir.address} if heir else {}
    Account.objects.filter(pk__in=places).update(deleted_at=now, updated_at=now)
    Membership.objects.filter(account__in=places).delete()
    Deletion.objects.bulk_create(
        Deletion(
            account=account,
            department_id=next(iter(places[account.pk]), None),
            department_ids=places[account.pk],
            deleted_at=now,
            deleted_by=actor.name,
            heir=heir,
        )
        for account in accounts
    )
    changes = [
        audit.Change(account, {}, after, next(iter(places[account.pk]), None))
        for account in accounts
    ]
    audit.record_many("account.deleted", changes, actor=actor, batch=uuid.uuid4())


def _end_forwards(accounts: Sequence[Account], actor: Operator) -> None:
    """Or mail that others forward here without keeping a copy would be lost."""
    gone = set(addresses_of([account.pk for account in accounts]))
    for mailbox in forwarding_to(gone, but=[account.pk for account in accounts]):
        left = [address for address in mailbox.forward_to if address not in gone]
        values = {"forward_to": left, "keep_copy": mailbox.keep_copy or not left}
        before, after = audit.changes(mailbox, values)
        Mailbox.objects.filter(pk=mailbox.pk).update(**values)
        record_change(mailbox.account, before, after, actor=actor)


@transaction.atomic
def restore_accounts(*, account_ids: Collection[int], actor: Operator) -> None:
    """Undo deletions: departments that are left take the accounts back, else the topmost.

    What was moved to another mailbox stays there. Raises SelectionChanged, SeatsExhausted,
    AccountProtected.
    """
    deletions = locked_deletions(account_ids, actor)
    organization = deletions[0].account.organization
    check_seats(organization, len(deletions))
    check_not_mightier([deletion.account for deletion in deletions], actor)
    ids = [deletion.pk for deletion in deletions]
    Account.objects.filter(pk__in=ids).update(deleted_at=None, updated_at=timezone.now())
    primaries = _join_again(deletions, organization)
    Deletion.objects.filter(pk__in=ids).delete()
    changes = [
        audit.Change(deletion.account, {}, {}, primaries[deletion.pk]) for deletion in deletions
    ]
    audit.record_many("account.restored", changes, actor=actor, batch=uuid.uuid4())


def locked_deletions(account_ids: Collection[int], actor: Operator) -> list[Deletion]:
    """The deletions, locked with their organization. Raises SelectionChanged."""
    wanted = set(account_ids)
    first = Account.objects.filter(pk__in=wanted).first()
    if first is None:
        raise SelectionChanged
    organization = lock_organization(first.organization_id)
    in_scope = actor.at(FUNCTION).scope(
        Deletion.objects.filter(pk__in=wanted, account__organization=organization)
    )
    chosen = in_scope.select_related("account__organization").order_by("pk")
    deletions = list(chosen.select_for_update(of=("self",)))
    if len(deletions) != len(wanted):
        raise SelectionChanged
    return deletions


def _join_again(deletions: Iterable[Deletion], organization: Organization) -> dict[int, int]:
    """Make the memberships; the primary department of each account."""
    deletions = list(deletions)
    wanted = {pk for deletion in deletions for pk in deletion.department_ids}
    left = set(
        Department.objects.filter(organization=organization, pk__in=wanted).values_list(
            "pk", flat=True
        )
    )
    top = Department.objects.get(organization=organization, parent=None).pk
    places = {
        deletion.pk: [pk for pk in deletion.department_ids if pk in left] or [top]
        for deletion in deletions
    }
    Membership.objects.bulk_create(
        Membership(account_id=account_id, department_id=pk, is_primary=place == 0)
        for account_id, departments in places.items()
        for place, pk in enumerate(departments)
    )
    return {account_id: departments[0] for account_id, departments in places.items()}
