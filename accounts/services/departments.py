"""Putting accounts into departments (manual, 4.2④)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Account, Membership
from accounts.services.accounts import check_departments
from accounts.services.bulk import locked_selection, recount
from accounts.services.protection import check_not_mightier
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department

FUNCTION = "account.move"


@dataclass(frozen=True, slots=True)
class Move:
    """An account's memberships as they are and as they shall be, the primary one first."""

    account: Account
    before: list[Department]
    after: list[Department]


@transaction.atomic
def set_departments(
    *,
    account_ids: Collection[int],
    departments: Sequence[Department],
    actor: Operator,
    keep_present: bool = False,
) -> None:
    """Put the accounts into the departments; the first becomes the primary one.

    keep_present: the present departments stay as further ones. Departments out of the
    actor's scope stay in any case, the primary one among them as the primary one: who
    administers an account is not for others to decide.
    Raises DepartmentMissing, DepartmentOutOfScope, AccountProtected, SelectionChanged.
    """
    accounts = locked_selection(account_ids, FUNCTION, actor)
    targets = check_departments(departments, accounts[0].organization_id, FUNCTION, actor)
    check_not_mightier(accounts, actor)
    moves = [
        Move(account, present, _wanted(present, targets, keep_present, actor))
        for account, present in _present(accounts)
    ]
    moves = [move for move in moves if move.before != move.after]
    _write(moves)
    recount(account_ids, FUNCTION, actor)
    audit.record_many(
        "account.moved",
        [
            audit.Change(
                move.account,
                {"departments": [department.name for department in move.before]},
                {"departments": [department.name for department in move.after]},
                move.after[0].pk,
            )
            for move in moves
        ],
        actor=actor,
        batch=uuid.uuid4(),
    )


def _present(accounts: Sequence[Account]) -> Iterable[tuple[Account, list[Department]]]:
    rows = Membership.objects.filter(account__in=accounts).select_related("department")
    present: dict[int, list[Department]] = defaultdict(list)
    for membership in rows.order_by("-is_primary", "pk"):
        present[membership.account_id].append(membership.department)
    return [(account, present[account.pk]) for account in accounts]


def _wanted(
    present: list[Department], targets: list[Department], keep_present: bool, actor: Operator
) -> list[Department]:
    primary = present[:1] if present and not actor.can(FUNCTION, present[0]) else []
    kept = [d for d in present if keep_present or not actor.can(FUNCTION, d)]
    by_id = {d.pk: d for d in [*primary, *targets, *kept]}
    return list(by_id.values())


def _write(moves: Sequence[Move]) -> None:
    """Bring the memberships to what the moves want, in one statement for each kind of change."""
    left: list[int] = []
    to_primary: list[int] = []
    to_further: list[int] = []
    wanted = {
        (move.account.pk, department.pk): place == 0
        for move in moves
        for place, department in enumerate(move.after)
    }
    for row in Membership.objects.filter(account__in=[move.account for move in moves]):
        is_primary = wanted.pop((row.account_id, row.department_id), None)
        if is_primary is None:
            left.append(row.pk)
        elif is_primary != row.is_primary:
            (to_primary if is_primary else to_further).append(row.pk)
    joined = [
        Membership(account_id=account_id, department_id=department_id, is_primary=is_primary)
        for (account_id, department_id), is_primary in wanted.items()
    ]
    # In this order no account has two primary departments at any moment.
    Membership.objects.filter(pk__in=left).delete()
    Membership.objects.filter(pk__in=to_further).update(is_primary=False)
    Membership.objects.filter(pk__in=to_primary).update(is_primary=True)
    Membership.objects.bulk_create(joined)
