"""Grants given and taken by several at once: threads with connections of their own."""

import pytest

from accounts.errors import AccountRefused
from accounts.models import Grant, Role
from accounts.presets import FULL_ADMINISTRATOR, HELPDESK
from accounts.selectors.operators import operator_of
from accounts.services.grants import grant_roles, revoke_grants
from accounts.services.roles import change_role, create_role
from tests.factories.accounts import AccountFactory, grant, grant_functions, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory())


def administrators(root, number):
    accounts = [AccountFactory(organization=root.organization) for _ in range(number)]
    return [(account, grant(account, FULL_ADMINISTRATOR, root)) for account in accounts]


def revoking(actor, one):
    operator = operator_of(actor)
    return lambda: revoke_grants(
        grant_ids=[one.pk], organization_id=actor.organization_id, actor=operator
    )


@pytest.mark.parametrize("number", [2, 4])
def test_administrators_who_all_revoke_one_another_leave_one(root, number):
    everybody = administrators(root, number)
    acts = [
        revoking(actor, everybody[(place + 1) % number][1])
        for place, (actor, _own) in enumerate(everybody)
    ]

    results = at_once(*acts, refusals=AccountRefused)

    assert Grant.objects.filter(role__code=FULL_ADMINISTRATOR).count() >= 1
    assert any(isinstance(result, AccountRefused) for result in results)


def test_two_administrators_who_both_resign_leave_one(root):
    everybody = administrators(root, 2)

    at_once(*(revoking(actor, own) for actor, own in everybody), refusals=AccountRefused)

    assert Grant.objects.filter(role__code=FULL_ADMINISTRATOR).count() == 1


def test_a_role_that_grows_while_it_is_given_is_given_by_nobody_who_lacks_it(root):
    """Either the clerk gives the small role before it grows, or is refused the grown one."""
    organization = root.organization
    clerk, friend = (AccountFactory(organization=organization) for _ in range(2))
    grant_functions(clerk, "grant.view", "grant.manage", "account.view")
    role = create_role(
        organization=organization,
        name="Small",
        description="",
        functions=["account.view"],
        actor=system_operator(organization),
    )
    operator = operator_of(clerk)

    gave, grew = at_once(
        lambda: grant_roles(
            account_ids=[friend.pk],
            organization_id=organization.pk,
            role=role,
            department_ids=[root.pk],
            actor=operator,
        ),
        lambda: change_role(
            role=role,
            name="Small",
            description="",
            functions=["account.view", "account.delete"],
            actor=system_operator(organization),
        ),
        refusals=AccountRefused,
    )

    assert not isinstance(grew, AccountRefused)
    assert isinstance(gave, AccountRefused) != friend.grants.exists()


def test_one_role_given_twice_at_once_is_given_once(root):
    ((administrator, _own),) = administrators(root, 1)
    friend = AccountFactory(organization=root.organization)
    operator = operator_of(administrator)

    def give():
        return grant_roles(
            account_ids=[friend.pk],
            organization_id=root.organization_id,
            role=Role.objects.get(code=HELPDESK),
            department_ids=[root.pk],
            actor=operator,
        )

    at_once(give, give, refusals=AccountRefused)

    assert friend.grants.count() == 1
