"""Several people editing one tree at once: threads with connections of their own."""

import random

import pytest
from django.db.models import Count

from accounts.models import Account, Membership
from orgs.errors import DepartmentRefused
from orgs.models import Department
from orgs.selectors.departments import counts
from orgs.services.departments import create_department, delete_department
from orgs.services.moves import move_department, shift_department
from tests import threads
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import assert_valid_tree

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


def at_once(*acts):
    return threads.at_once(*acts, refusals=DepartmentRefused)


@pytest.fixture
def root():
    root = DepartmentFactory(organization=OrganizationFactory())
    for _ in range(6):
        DepartmentFactory(parent=DepartmentFactory(parent=root))
    return root


def test_creating_moving_ordering_and_deleting_at_once_leaves_a_valid_tree(root):
    def edit(seed):
        chance = random.Random(seed)
        for number in range(12):
            one, other = chance.sample(list(Department.objects.all()), 2)
            act = chance.choice(["create", "move", "move", "order", "delete"])
            try:
                if act == "create":
                    create_department(parent=one, name=f"{seed}-{number}", actor=system_operator())
                elif act == "move":
                    move_department(department=one, target=other, actor=system_operator())
                elif act == "order":
                    shift_department(department=one, places=1, actor=system_operator())
                else:
                    delete_department(department=one, actor=system_operator())
            except DepartmentRefused:
                continue

    at_once(*(lambda seed=seed: edit(seed) for seed in range(THREADS)))

    assert_valid_tree(root)


def test_of_two_departments_of_one_name_created_at_once_one_is_refused(root):
    results = at_once(
        *(
            lambda: create_department(parent=root, name="Twin", actor=system_operator())
            for _ in range(2)
        )
    )

    assert sorted(isinstance(result, Department) for result in results) == [False, True]


def test_two_departments_moved_into_one_another_at_once_make_no_circle(root):
    one, other = Department.objects.filter(parent=root)[:2]

    results = at_once(
        lambda: move_department(department=one, target=other, actor=system_operator()),
        lambda: move_department(department=other, target=one, actor=system_operator()),
    )

    assert sorted(isinstance(result, Department) for result in results) == [False, True]
    assert_valid_tree(root)


def test_accounts_joining_departments_while_these_move_are_counted_once(root):
    departments = list(Department.objects.filter(children=None))
    accounts = [AccountFactory(organization=root.organization, department=d) for d in departments]

    def join(account):
        for department in departments:
            Membership.objects.get_or_create(account=account, department=department)

    def move(seed):
        chance = random.Random(seed)
        for _ in range(10):
            one, other = chance.sample(list(Department.objects.all()), 2)
            try:
                move_department(department=one, target=other, actor=system_operator())
            except DepartmentRefused:
                continue

    at_once(lambda: move(1), lambda: move(2), *(lambda a=a: join(a) for a in accounts[:THREADS]))

    assert Membership.objects.values("account").annotate(n=Count("pk")).filter(n__gt=1).exists()
    for department in Department.objects.all():
        below = department.get_descendants(include_self=True)
        there = Account.objects.filter(memberships__department__in=below).distinct().count()
        assert counts([department.pk])[department.pk].total == there
