"""Moving departments and putting siblings in order."""

from __future__ import annotations

from typing import Literal

from django.db import transaction

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.errors import ChangedMeanwhile, MovedIntoItself, OutsideScope, RootIsFixed
from orgs.models import Department
from orgs.selectors.departments import paths
from orgs.services.departments import refuse_depth, refuse_taken_name
from orgs.services.tree_lock import locked, require_scope, reread
from orgs.signals import department_moved, department_moving

# As MPTT names them: below the target, or beside it.
Position = Literal["first-child", "last-child", "left", "right"]


@transaction.atomic
def move_department(
    *,
    department: Department,
    target: Department,
    position: Position = "last-child",
    actor: Operator,
    seen_parent_id: int | None = None,
) -> Department:
    """Move a department with all below it under the target, or to its left or right.

    seen_parent_id: where the form showed it; refused when somebody else has moved it since.
    Both the former and the new parent must be within the actor's scope.
    Raises RootIsFixed, MovedIntoItself, NameTaken, TooDeep, ChangedMeanwhile,
    OutsideScope, DepartmentGone.
    """
    department, target = locked(department), reread(target)
    parent = target if position in ("first-child", "last-child") else target.parent
    if target.organization_id != department.organization_id:
        raise OutsideScope(target)
    if department.parent is None or parent is None:
        raise RootIsFixed(department if department.parent is None else target)
    if target.is_descendant_of(department, include_self=True):
        raise MovedIntoItself(department)
    require_scope(actor, department.parent, parent)
    if seen_parent_id is not None and seen_parent_id != department.parent_id:
        raise ChangedMeanwhile("", paths([department.pk])[department.pk])
    if parent == department.parent:
        _order(department, target, position, actor)
    else:
        refuse_taken_name(department.name, parent)
        refuse_depth(department, parent)
        _move(department, target, position, actor)
    return department


@transaction.atomic
def shift_department(*, department: Department, places: int, actor: Operator) -> Department:
    """Move a department up (places < 0) or down among its siblings, no further than the end.

    Raises RootIsFixed, OutsideScope, DepartmentGone.
    """
    department = locked(department)
    if department.parent is None:
        raise RootIsFixed(department)
    require_scope(actor, department.parent)
    siblings = list(
        department.get_siblings(include_self=True).order_by("lft").values_list("pk", flat=True)
    )
    place = siblings.index(department.pk)
    wanted = min(max(place + places, 0), len(siblings) - 1)
    if wanted != place:
        target = Department.objects.get(pk=siblings[wanted])
        _order(department, target, "left" if places < 0 else "right", actor)
    return department


def place_of(department: Department) -> tuple[Department, Position]:
    """Target and position that would put the department where it is now."""
    former = department.get_previous_sibling()
    if former is not None:
        return former, "right"
    assert department.parent is not None  # noqa: S101  the root has no place
    return department.parent, "first-child"


def _move(department: Department, target: Department, position: Position, actor: Operator) -> None:
    before = paths([department.pk])[department.pk]
    department_moving.send(sender=Department, department=department)
    department.move_to(target, position)
    department_moved.send(sender=Department, department=department)
    audit.record(
        "department.moved",
        actor=actor,
        target=department,
        department_id=department.pk,
        before={"path": before},
        after={"path": paths([department.pk])[department.pk]},
    )


def _order(department: Department, target: Department, position: Position, actor: Operator) -> None:
    before = _place(department)
    department.move_to(target, position)
    after = _place(department)
    if after != before:
        audit.record(
            "department.ordered",
            actor=actor,
            target=department,
            department_id=department.pk,
            before={"place": before},
            after={"place": after},
        )


def _place(department: Department) -> int:
    """The department's place among its siblings, from 1."""
    siblings = Department.objects.filter(parent_id=department.parent_id)
    place: int = siblings.filter(lft__lte=department.lft).count()
    return place
