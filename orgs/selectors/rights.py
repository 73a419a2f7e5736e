"""What an operator may do with a department, for the page to offer no more than that."""

from __future__ import annotations

from dataclasses import dataclass

from admin_platform.operator import Operator
from orgs.models import Department


@dataclass(frozen=True, slots=True)
class Rights:
    """manage: describe it and change what is below it.

    place: move, order and delete it, which is its parent's matter; so is its name, but
    for the organization itself, which has no parent.
    """

    manage: bool
    rename: bool
    place: bool


def rights(operator: Operator, department: Department) -> Rights:
    manage = operator.can("department.manage", department)
    parent = department.parent
    place = parent is not None and operator.can("department.manage", parent)
    return Rights(manage=manage, rename=place or (manage and parent is None), place=place)
