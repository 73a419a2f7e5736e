"""Grants: what they give, and the list of them (manual, 8.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account, Grant, Role
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.search import search_condition
from admin_platform import functions
from admin_platform.operator import Operator, TreeNode
from admin_platform.paging import Page, capped_total, keyset_page
from orgs.models import Department
from orgs.selectors.departments import paths, top_departments


def given_functions(role: Role, departments: Iterable[TreeNode]) -> frozenset[str]:
    """What a grant of the role gives: without the root, nothing that concerns everybody."""
    codes = frozenset(role.functions)
    if any(department.lft == 1 for department in departments):
        return codes
    return codes - functions.organization_wide()


def lacking(operator: Operator, role: Role, departments: Sequence[Department]) -> frozenset[str]:
    """The functions of a grant that the operator does not hold in all of its departments."""
    return frozenset(
        code
        for code in given_functions(role, departments)
        if not all(operator.can(code, department) for department in departments)
    )


def roles_to_give(operator: Operator) -> list[Role]:
    """The roles that the operator can give in at least one of the departments."""
    roles = operator.scope(Role.objects.all())
    ordered = roles.order_by(F("organization").asc(nulls_first=True), "pk")
    places = _places(operator)
    return [role for role in ordered if any(not lacking(operator, role, [d]) for d in places)]


def _places(operator: Operator) -> list[Department]:
    """The departments that grants of the operator name, where roles can be given."""
    if operator.is_system:
        return list(top_departments(operator))
    named = {span.department_id for held in operator.grants for span in held.spans}
    departments = Department.objects.filter(pk__in=named)
    return [d for d in departments if operator.can("grant.manage", d)]


def full_administrator_grants(organization_id: int) -> QuerySet[Grant]:
    """The grants by which somebody who can sign in administers the whole organization."""
    return Grant.objects.filter(
        Q(account__expires_at=None) | Q(account__expires_at__gt=timezone.now()),
        organization=organization_id,
        role__code=FULL_ADMINISTRATOR,
        departments__parent=None,
        account__status=AccountStatus.ACTIVE,
        account__deleted_at=None,
    )


@dataclass(frozen=True, slots=True)
class GrantQuery:
    """What the list shows. department: grants that hold in it, or somewhere below it."""

    role: Role | None = None
    department: Department | None = None
    member: str = ""
    giver: str = ""


def grants_found(grants: QuerySet[Grant], query: GrantQuery) -> QuerySet[Grant]:
    if query.role:
        grants = grants.filter(role=query.role)
    if query.member.strip():
        members = Account.objects.filter(
            search_condition(query.member, few=True), pk=OuterRef("account")
        )
        grants = grants.filter(Exists(members))
    if query.giver.strip():
        grants = grants.filter(granted_by_name__icontains=query.giver.strip().replace("\x00", ""))
    if query.department:
        grants = grants.filter(Exists(_touching(query.department)))
    return grants


def _touching(department: Department) -> QuerySet[Department]:
    """Departments of a grant on the way to this one or below it."""
    found: QuerySet[Department] = Department.objects.filter(
        Q(lft__gte=department.lft, lft__lte=department.rght)
        | Q(lft__lt=department.lft, rght__gt=department.rght),
        tree_id=department.tree_id,
        grants=OuterRef("pk"),
    )
    return found


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A line of the list. paths: of the grant's departments, in the order of the tree."""

    grant: Grant
    paths: list[str]


def grant_page(grants: QuerySet[Grant], *, cursors: Mapping[str, str]) -> Page[Grant]:
    return keyset_page(
        grants,
        key="id",
        rows=Grant.objects.select_related("account", "role"),
        cursors=cursors,
        descending=True,
        total=lambda: capped_total(grants),
    )


def grant_lines(grants: Iterable[Grant]) -> list[GrantLine]:
    """Each grant with the paths of its departments; two queries."""
    grants = list(grants)
    through = Grant.departments.through.objects.filter(grant__in=[g.pk for g in grants])
    given: dict[int, list[int]] = defaultdict(list)
    pairs = through.order_by("department__lft").values_list("grant_id", "department_id")
    for grant_id, department_id in pairs:
        given[grant_id].append(department_id)
    path_of = paths({pk for ids in given.values() for pk in ids})
    return [GrantLine(grant, [path_of[pk] for pk in given[grant.pk]]) for grant in grants]
