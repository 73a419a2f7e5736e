"""Giving roles and taking them away: what is refused, and what takes effect."""

import pytest

from accounts.choices import AccountStatus
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
from accounts.models import Grant, Role
from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR, HELPDESK
from accounts.selectors.operators import operator_of
from accounts.services.grants import grant_roles, revoke_grants
from admin_platform.models import AuditRecord
from orgs.models import Department
from orgs.services.departments import delete_department
from tests.factories.accounts import AccountFactory, grant, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory())


@pytest.fixture
def sales(root):
    return DepartmentFactory(parent=root, name="销售")


@pytest.fixture
def research(root):
    return DepartmentFactory(parent=root, name="研发")


@pytest.fixture
def administrator(root):
    account = AccountFactory(organization=root.organization, department=root)
    grant(account, FULL_ADMINISTRATOR, root)
    return account


@pytest.fixture
def manager(root, sales):
    """Grants roles within sales."""
    account = AccountFactory(organization=root.organization, department=sales)
    made = grant(account, DEPARTMENT_ADMINISTRATOR, sales)
    own = Role.objects.create(
        organization=root.organization,
        name="部门经理",
        functions=[*made.role.functions, "grant.view", "grant.manage"],
    )
    made.role = own
    made.save()
    return account


def member(department, **fields):
    return AccountFactory(organization=department.organization, department=department, **fields)


def give(actor, accounts, role, *departments):
    return grant_roles(
        account_ids=[account.pk for account in accounts],
        organization_id=accounts[0].organization_id,
        role=Role.objects.get(code=role) if isinstance(role, str) else role,
        department_ids=[department.pk for department in departments],
        actor=operator_of(actor),
    )


def revoke(actor, *grants):
    return revoke_grants(
        grant_ids=[one.pk for one in grants],
        organization_id=actor.organization_id,
        actor=operator_of(actor),
    )


def test_a_role_is_given_to_several_members_within_departments(administrator, root, sales):
    members = [member(root), member(sales)]

    granted = give(administrator, members, HELPDESK, sales)

    assert [g.account for g in granted.grants] == members
    for one in members:
        operator = operator_of(one)
        assert operator.can("account.password", fresh(sales))
        assert not operator.can("account.password", fresh(root))


def test_the_record_says_what_was_given_and_taken(administrator, sales):
    made = give(administrator, [member(sales, name="Ada")], HELPDESK, sales).grants[0]
    revoke(administrator, made)

    given, taken = AuditRecord.objects.order_by("pk")
    words = {"role": "服务台", "departments": ["销售"]}
    assert (given.action, given.before, given.after) == ("grant.created", {}, words)
    assert (taken.action, taken.before, taken.after) == ("grant.revoked", words, {})


def test_the_record_is_read_only_by_who_sees_all_that_it_names(
    administrator, root, sales, research
):
    give(administrator, [member(sales)], HELPDESK, research)
    give(administrator, [member(sales)], HELPDESK, sales)

    departments = AuditRecord.objects.order_by("pk").values_list("department_id", flat=True)
    assert list(departments) == [root.pk, sales.pk]


def test_two_departments_of_one_level_are_refused(administrator, sales, research):
    with pytest.raises(SiblingsChosen):
        give(administrator, [member(sales)], HELPDESK, sales, research)

    assert not Grant.objects.filter(role__code=HELPDESK).exists()


def test_departments_of_different_levels_go_together(administrator, sales, research):
    team = DepartmentFactory(parent=research)

    granted = give(administrator, [member(sales)], HELPDESK, sales, team)

    assert set(granted.grants[0].departments.all()) == {sales, team}


def test_what_lies_below_another_chosen_department_is_left_out(administrator, root, sales):
    granted = give(administrator, [member(sales)], HELPDESK, root, sales)

    assert list(granted.grants[0].departments.all()) == [root]


def test_a_grant_needs_departments(administrator, sales):
    with pytest.raises(DepartmentsMissing):
        give(administrator, [member(sales)], HELPDESK)


def test_no_department_of_another_organization_can_be_chosen(administrator, sales):
    foreign = DepartmentFactory(organization=OrganizationFactory())

    with pytest.raises(GrantOutOfScope):
        give(administrator, [member(sales)], HELPDESK, foreign)


def test_a_refused_grant_names_no_department_outside_the_scope(manager, sales, research):
    elsewhere = DepartmentFactory(parent=research, name="Secret")
    for chosen in ([elsewhere], [research, sales]):
        with pytest.raises(GrantOutOfScope) as refused:
            give(manager, [member(sales)], HELPDESK, *chosen)
        assert all(name not in str(refused.value) for name in ("Secret", research.name))


def test_nobody_gives_a_role_with_functions_that_they_lack(manager, sales):
    with pytest.raises(RoleNotToGive):
        give(manager, [member(sales)], AUDITOR, sales)


def test_nobody_gives_a_role_outside_the_departments_in_which_they_grant(manager, sales, research):
    with pytest.raises(GrantOutOfScope):
        give(manager, [member(sales)], HELPDESK, research)


def test_holding_the_functions_elsewhere_does_not_help(manager, sales, research):
    """Grants in sales, and holds the auditor's functions, but in research."""
    grant(manager, AUDITOR, research)

    with pytest.raises(RoleNotToGive):
        give(manager, [member(sales)], AUDITOR, sales)


def test_members_outside_the_scope_are_given_nothing(manager, sales, research):
    with pytest.raises(MembersOutOfScope):
        give(manager, [member(research)], HELPDESK, sales)


def test_a_role_of_another_organization_cannot_be_given(administrator, sales):
    foreign = Role.objects.create(organization=OrganizationFactory(), name="x", functions=[])

    with pytest.raises(RoleGone):
        give(administrator, [member(sales)], foreign, sales)


def test_who_holds_the_role_already_is_passed_over(administrator, root, sales):
    old, new = member(sales), member(sales)
    grant(old, HELPDESK, root)

    granted = give(administrator, [old, new], HELPDESK, sales)

    assert [g.account for g in granted.grants] == [new]
    assert granted.present == [old]
    with pytest.raises(AlreadyGranted):
        give(administrator, [old, new], HELPDESK, sales)


def test_what_was_revoked_while_one_filled_the_form_cannot_be_given(manager, sales):
    before = operator_of(manager)
    manager.grants.all().delete()

    with pytest.raises(GrantOutOfScope):
        grant_roles(
            account_ids=[member(sales).pk],
            organization_id=sales.organization_id,
            role=Role.objects.get(code=HELPDESK),
            department_ids=[sales.pk],
            actor=before,
        )


def test_a_revoked_grant_ends_at_the_next_request(administrator, root, client):
    other = member(root)
    made = grant(other, AUDITOR, root)
    client.force_login(other)
    before = client.get("/console/").status_code

    revoke(administrator, made)

    assert (before, client.get("/console/").status_code) == (200, 403)


def test_a_grant_that_gives_more_than_one_holds_is_not_theirs_to_revoke(manager, sales):
    mightier = grant(member(sales), AUDITOR, sales)

    with pytest.raises(GrantsChanged):
        revoke(manager, mightier)

    assert Grant.objects.filter(pk=mightier.pk).exists()


def test_of_several_grants_all_are_revoked_or_none(manager, sales, research):
    own, foreign = (
        grant(member(sales), HELPDESK, sales),
        grant(member(research), HELPDESK, research),
    )

    with pytest.raises(GrantsChanged):
        revoke(manager, own, foreign)

    assert Grant.objects.filter(pk__in=[own.pk, foreign.pk]).count() == 2


def test_a_grant_that_reaches_beyond_the_scope_is_not_seen(manager, sales, research):
    grant(member(sales), HELPDESK, sales, research)

    seen = operator_of(manager).at("grant.view").scope(Grant.objects.all())

    assert [one.account for one in seen] == [manager]


@pytest.mark.parametrize(
    "other",
    [
        {"status": AccountStatus.DISABLED},
        {"status": AccountStatus.FROZEN},
        {"expires_at": "2020-01-01T00:00Z"},
        {"deleted_at": "2020-01-01T00:00Z"},
        None,
    ],
)
def test_the_last_full_administrator_who_can_sign_in_stays(administrator, root, sales, other):
    if other is None:
        grant(member(root), FULL_ADMINISTRATOR, sales)
    else:
        grant(member(root, **other), FULL_ADMINISTRATOR, root)

    with pytest.raises(LastAdministratorStays):
        revoke(administrator, administrator.grants.get())

    assert administrator.grants.exists()


def test_one_of_two_full_administrators_can_go(administrator, root):
    grant(member(root), FULL_ADMINISTRATOR, root)

    revoke(administrator, administrator.grants.get())

    assert not administrator.grants.exists()


def test_a_grant_ends_with_the_only_department_that_it_names(administrator, root, sales, research):
    holder = member(root)
    only, both = grant(holder, HELPDESK, sales), grant(holder, AUDITOR, sales, research)

    delete_department(department=Department.objects.get(pk=sales.pk), actor=system_operator())

    assert [one.pk for one in holder.grants.all()] == [both.pk]
    assert not Grant.objects.filter(pk=only.pk).exists()
    assert AuditRecord.objects.filter(action="grant.revoked").count() == 1
