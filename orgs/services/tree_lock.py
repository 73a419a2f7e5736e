"""What every change of a tree begins with: the lock, fresh numbers, and the scope once more."""

from __future__ import annotations

from admin_platform.operator import Operator
from orgs.errors import DepartmentGone, OutsideScope
from orgs.models import Department, Organization
from orgs.selectors.departments import ancestry

FUNCTION = "department.manage"


def locked(department: Department) -> Department:
    """The department read anew under the lock of its organization's tree.

    MPTT renumbers from the numbers it is given, so they must not be older than the
    lock. Raises DepartmentGone.
    """
    lock_tree(department.organization_id)
    return reread(department)


def lock_tree(organization_id: int) -> None:
    """Wait for every other change of the tree; foreign keys to the organization do not wait."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def reread(department: Department) -> Department:
    """Raises DepartmentGone."""
    found: Department | None = (
        Department.objects.select_related("parent")
        .filter(pk=department.pk, organization_id=department.organization_id)
        .first()
    )
    if found is None:
        raise DepartmentGone(department)
    return found


def require_scope(actor: Operator, *departments: Department) -> None:
    """Raises OutsideScope unless the actor manages each of the departments as the tree stands now.

    The actor's spans were read before the lock; the departments they stand for are looked
    up again, for a span's numbers may since have come to mean other departments.
    """
    if actor.is_system:
        return
    held = {span.department_id for span in actor.spans(FUNCTION)}
    ways = ancestry([department.pk for department in departments])
    for department in departments:
        if not any(step.pk in held for step in ways[department.pk]):
            raise OutsideScope(department)
