"""Giving roles and taking them away (manual, 8.2).

Both hold the lock of the organization's tree, and look at the actor's own grants once
more under it: two administrators who revoke each other cannot both succeed, and nobody
gives what has just been taken from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.errors import SelectionTooLarge
from accounts.grant_errors import (
    AlreadyGranted,
    DepartmentsMissing,
    GrantOutOfScope,
    GrantsChanged,
    LastAdministratorStays,
    MembersOutOfScope,
    RoleGone,
    RoleNotToGive,
    SiblingsChosen,
)
from accounts.models import Account, Grant, Membership, Role
from accounts.selectors.grants import full_administrator_grants, grant_lines, lacking
from accounts.selectors.operators import as_of_now
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department
from orgs.selectors.departments import ancestry
from orgs.services.tree_lock import lock_tree

FUNCTION = "grant.manage"
LIMIT = 200


@dataclass(frozen=True, slots=True)
class Granted:
    """present: the members who held the role in these departments already."""

    grants: list[Grant]
    present: list[Account]


@transaction.atomic
def grant_role(
    *, account: Account, role: Role, departments: Iterable[Department], actor: Operator
) -> Grant:
    """Give a role to one account; see grant_roles."""
    granted = grant_roles(
        account_ids=[account.pk],
        organization_id=account.organization_id,
        role=role,
        department_ids=[department.pk for department in departments],
        actor=actor,
    )
    return granted.grants[0]


@transaction.atomic
def grant_roles(
    *,
    account_ids: Collection[int],
    organization_id: int,
    role: Role,
    department_ids: Collection[int],
    actor: Operator,
) -> Granted:
    """Give a role to accounts within departments; effective at their next request.

    A department below another chosen one is left out. Raises DepartmentsMissing,
    SiblingsChosen, GrantOutOfScope, RoleNotToGive, RoleGone, MembersOutOfScope,
    AlreadyGranted, SelectionTooLarge.
    """
    _check_size(account_ids)
    lock_tree(organization_id)
    actor = as_of_now(actor).at(FUNCTION)
    role = _present_role(role, organization_id)
    departments = _departments(department_ids, organization_id, actor)
    if missing := lacking(actor, role, departments):
        raise RoleNotToGive(role.label, missing, departments[0].name)
    accounts = _accounts(account_ids, organization_id, actor)
    present = _who_holds(role, departments, account_ids)
    wanted = [account for account in accounts if account.pk not in present]
    if not wanted:
        raise AlreadyGranted(role.label)
    grants = [_give(account, role, departments, actor) for account in wanted]
    return Granted(grants, [account for account in accounts if account.pk in present])


def _check_size(ids: Collection[int]) -> None:
    if len(ids) > LIMIT:
        raise SelectionTooLarge(LIMIT)


def _present_role(role: Role, organization_id: int) -> Role:
    """Raises RoleGone, also for a role of another organization."""
    found = Role.objects.filter(pk=role.pk).first()
    if found is None or found.organization_id not in {None, organization_id}:
        raise RoleGone
    return found


def _departments(
    department_ids: Collection[int], organization_id: int, actor: Operator
) -> list[Department]:
    """The chosen departments without those below another one, in the order of the tree."""
    departments = list(
        Department.objects.filter(pk__in=department_ids, organization=organization_id).order_by(
            "lft"
        )
    )
    if not department_ids:
        raise DepartmentsMissing
    outside = [one for one in departments if not actor.can(FUNCTION, one)]
    if outside or len(departments) < len(set(department_ids)):
        raise GrantOutOfScope
    check_levels(departments)
    kept: list[Department] = []
    for department in departments:
        if not kept or department.lft > kept[-1].rght:
            kept.append(department)
    return kept


def check_levels(departments: Iterable[Department]) -> None:
    """Raises SiblingsChosen for two departments of the same parent (manual, 8.1)."""
    chosen: dict[int | None, Department] = {}
    for department in departments:
        other = chosen.setdefault(department.parent_id, department)
        if other != department:
            raise SiblingsChosen(other.name, department.name)


def _accounts(account_ids: Collection[int], organization_id: int, actor: Operator) -> list[Account]:
    accounts = list(
        actor.scope(Account.objects.all()).filter(
            pk__in=account_ids, organization=organization_id, deleted_at=None
        )
    )
    if not accounts or len(accounts) < len(set(account_ids)):
        raise MembersOutOfScope
    return accounts


def _who_holds(
    role: Role, departments: Sequence[Department], account_ids: Collection[int]
) -> set[int]:
    """The accounts with one grant of the role that covers all of the departments."""
    grants = Grant.objects.filter(role=role, account__in=account_ids)
    return {
        grant.account_id
        for grant in grants.prefetch_related("departments")
        if all(
            any(held.lft <= d.lft and d.rght <= held.rght for held in grant.departments.all())
            for d in departments
        )
    }


def _give(
    account: Account, role: Role, departments: Sequence[Department], actor: Operator
) -> Grant:
    grant = Grant.objects.create(
        organization_id=account.organization_id,
        account=account,
        role=role,
        granted_by_name=actor.name,
    )
    grant.departments.set(departments)
    _record("grant.created", grant, actor, after=_in_words(role, [d.name for d in departments]))
    return grant


@transaction.atomic
def revoke_grants(
    *, grant_ids: Collection[int], organization_id: int, actor: Operator
) -> list[Grant]:
    """Take grants away; effective at the holders' next request.

    Only those that one could give: in scope, with no function beyond one's own.
    Raises GrantsChanged, LastAdministratorStays, SelectionTooLarge; then none is revoked.
    """
    _check_size(grant_ids)
    lock_tree(organization_id)
    actor = as_of_now(actor).at(FUNCTION)
    wanted = actor.scope(Grant.objects.filter(organization=organization_id))
    grants = list(wanted.filter(pk__in=grant_ids).select_related("account", "role"))
    if not grants or len(grants) < len(set(grant_ids)):
        raise GrantsChanged
    if not all(may_revoke(actor, grant) for grant in grants):
        raise GrantsChanged
    _check_administrators_stay(organization_id, grants)
    for line in grant_lines(grants):
        _record("grant.revoked", line.grant, actor, before=_in_words(line.grant.role, line.paths))
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).delete()
    return grants


def may_revoke(actor: Operator, grant: Grant) -> bool:
    departments = list(grant.departments.all())
    return all(actor.can(FUNCTION, d) for d in departments) and not lacking(
        actor, grant.role, departments
    )


def _check_administrators_stay(organization_id: int, grants: Sequence[Grant]) -> None:
    administering = full_administrator_grants(organization_id)
    going = administering.filter(pk__in=[grant.pk for grant in grants])
    if going.exists() and not administering.exclude(pk__in=going.values("pk")).exists():
        raise LastAdministratorStays


@transaction.atomic
def forget_department(*, department: Department, actor: Operator) -> None:
    """Before a department is deleted: a grant that named no other one ends with it."""
    for grant in Grant.objects.filter(departments=department).select_related("account", "role"):
        if not grant.departments.exclude(pk=department.pk).exists():
            before = _in_words(grant.role, [department.name])
            _record("grant.revoked", grant, actor, before=before)
            grant.delete()


def _in_words(role: Role, departments: Sequence[str]) -> dict[str, object]:
    return {"role": role.label, "departments": list(departments)}


def _record(
    action: str,
    grant: Grant,
    actor: Operator,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=grant.account,
        before=before,
        after=after,
        department_id=_department_above(grant),
    )


def _department_above(grant: Grant) -> int | None:
    """The nearest department with the member and all departments of the grant in it.

    The record names them all, so only who sees them all may read it.
    """
    primary = Membership.objects.filter(account=grant.account, is_primary=True)
    ids = {*grant.departments.values_list("pk", flat=True)}
    ids |= {*primary.values_list("department_id", flat=True)}
    ways = [[step.pk for step in steps] for steps in ancestry(ids).values()]
    shared = [steps[0] for steps in zip(*ways, strict=False) if len(set(steps)) == 1]
    return shared[-1] if shared else None
