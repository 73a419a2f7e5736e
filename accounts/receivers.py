"""Keeping the counts of departments exact when a department moves (DepartmentCount.shared)."""

from typing import Any

from django.db import connection
from django.dispatch import receiver

from accounts.models import Account, Membership
from orgs.models import Department
from orgs.signals import department_moved, department_moving


@receiver(department_moving)
def take_shared_out(department: Department, **_: Any) -> None:
    """While the old parents still stand: the accounts whose branches meet elsewhere after."""
    _shift(department, -1)


@receiver(department_moved)
def put_shared_back(department: Department, **_: Any) -> None:
    _shift(department, 1)


def _shift(department: Department, sign: int) -> None:
    further = Membership.objects.filter(is_primary=False)
    moving = Account.objects.filter(
        pk__in=further.values("account"),
        memberships__department__in=department.get_descendants(include_self=True),
    )
    ids = list(moving.values_list("pk", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute("SELECT department_shared_of(%s::bigint[], %s)", [ids, sign])
