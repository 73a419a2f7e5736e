"""The counts that triggers keep, against counting anew."""

import random

import pytest
from django.db import connection
from django.db.models import F, Sum

from accounts.models import Account, Membership
from orgs.models import Department, DepartmentCount
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


def counted(department: Department) -> int:
    """Accounts of the subtree, by the kept counts."""
    below = department.get_descendants(include_self=True)
    kept = DepartmentCount.objects.filter(department__in=below)
    return kept.aggregate(n=Sum(F("members") - F("shared")))["n"] or 0


def present(department: Department) -> int:
    """Accounts of the subtree, one by one."""
    below = department.get_descendants(include_self=True)
    return Account.objects.filter(memberships__department__in=below).distinct().count()


def assert_all_counted() -> None:
    for department in Department.objects.all():
        assert counted(department) == present(department), department.name


def join(account: Account, *departments: Department) -> None:
    Membership.objects.bulk_create(Membership(account=account, department=d) for d in departments)


@pytest.fixture
def tree():
    """The root with two branches of three levels: [root, A, A1, A2, B, B1, B11]."""
    root = DepartmentFactory(organization=OrganizationFactory())
    a = DepartmentFactory(parent=root, name="A")
    a1, a2 = DepartmentFactory(parent=a, name="A1"), DepartmentFactory(parent=a, name="A2")
    b = DepartmentFactory(parent=root, name="B")
    b1 = DepartmentFactory(parent=b, name="B1")
    b11 = DepartmentFactory(parent=b1, name="B11")
    return [Department.objects.get(pk=d.pk) for d in (root, a, a1, a2, b, b1, b11)]


def test_an_account_in_several_departments_of_a_branch_is_counted_once_there(tree):
    root, a, a1, a2, b, _b1, b11 = tree
    account = AccountFactory(organization=root.organization, department=a1)

    join(account, a, a2, b11)

    assert [counted(d) for d in (root, a, a1, a2, b)] == [1, 1, 1, 1, 1]
    assert_all_counted()


def test_leaving_a_department_takes_the_account_out_of_its_branch_only(tree):
    root, a, a1, a2, *_, b11 = tree
    account = AccountFactory(organization=root.organization, department=a1)
    join(account, a2, b11)

    Membership.objects.filter(account=account, department=b11).delete()

    assert [counted(d) for d in (root, a, b11)] == [1, 1, 0]
    assert_all_counted()


def test_random_joining_leaving_and_transferring_keeps_every_count(tree):
    chance = random.Random(7)
    organization = tree[0].organization
    accounts = [
        AccountFactory(organization=organization, department=chance.choice(tree)) for _ in range(5)
    ]

    for _ in range(120):
        account, department = chance.choice(accounts), chance.choice(tree)
        others = Membership.objects.filter(account=account).exclude(department=department)
        belongs = Membership.objects.filter(account=account, department=department)
        act = chance.choice(["join", "leave", "transfer", "swap"])
        if act == "join" and not belongs:
            join(account, department)
        elif act == "leave":
            belongs.filter(is_primary=False).delete()
        elif act == "transfer" and not belongs:
            Membership.objects.filter(pk=others.first().pk).update(department=department)
        elif act == "swap" and others.filter(is_primary=False):
            further = others.filter(is_primary=False).values_list("pk", flat=True)[0]
            Membership.objects.filter(account=account).update(is_primary=False)
            Membership.objects.filter(pk=further).update(is_primary=True)
        assert_all_counted()


def test_deleting_accounts_together_with_their_memberships_empties_the_counts(tree):
    root, _a, a1, a2, *_ = tree
    for _ in range(3):
        join(AccountFactory(organization=root.organization, department=a1), a2, root)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_membership")

    assert not DepartmentCount.objects.exclude(members=0, primaries=0, shared=0).exists()
