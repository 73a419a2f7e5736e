"""What the tests of the tree share."""

from django.db.models import Max, Min

from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.operator import Operator
from orgs.models import Department
from tests.factories.accounts import AccountFactory, grant


def fresh(department: Department) -> Department:
    return Department.objects.get(pk=department.pk)


def member_of(organization, preset=FULL_ADMINISTRATOR, *departments, **fields):
    """An account with a role within the departments, or in the whole organization."""
    account = AccountFactory(organization=organization, **fields)
    grant(account, preset, *departments)
    return account


def operator_in(organization, preset=FULL_ADMINISTRATOR, *departments) -> Operator:
    return operator_of(member_of(organization, preset, *departments)).at("department.view")


def outline(department: Department) -> dict:
    """The names below a department, children in their order."""
    children = Department.objects.filter(parent=department).order_by("lft")
    return {child.name: outline(child) for child in children}


def assert_valid_tree(root: Department) -> None:
    """MPTT's numbers say the same as the parent pointers, without a gap."""
    departments = {d.pk: d for d in Department.objects.filter(organization=root.organization_id)}
    numbers = sorted(n for d in departments.values() for n in (d.lft, d.rght))
    assert numbers == list(range(1, 2 * len(departments) + 1))
    for department in departments.values():
        parent = departments.get(department.parent_id)
        assert department.tree_id == departments[root.pk].tree_id
        assert department.level == (parent.level + 1 if parent else 0)
        if parent:
            assert parent.lft < department.lft < department.rght < parent.rght
    for parent in departments.values():
        inside = sum(c.rght - c.lft + 1 for c in departments.values() if c.parent_id == parent.pk)
        assert parent.rght - parent.lft - 1 == inside


def deepest_level(root: Department) -> int:
    levels = Department.objects.filter(organization=root.organization_id)
    return levels.aggregate(low=Min("level"), high=Max("level"))["high"]
