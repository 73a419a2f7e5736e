"""What follows in this app from a change of the tree: exact counts, no grant for nothing."""

from typing import Any

from django.db import connection
from django.dispatch import receiver

from accounts.models import Account, Membership
from accounts.services.grants import forget_department
from admin_platform.operator import Operator
from orgs.models import Department
from orgs.signals import department_deleting, department_moved, department_moving


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


@receiver(department_deleting)
def end_grants(department: Department, actor: Operator, **_: Any) -> None:
    forget_department(department=department, actor=actor)
