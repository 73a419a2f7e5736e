"""Changing the department tree (manual, 4.1). Each change holds the lock of its tree."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.db.models import Max

from admin_platform import audit
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from admin_platform.pinyin import spelled
from orgs.errors import (
    ChangedMeanwhile,
    DepartmentInUse,
    DepartmentRefused,
    NameTaken,
    RootIsFixed,
    TooDeep,
)
from orgs.models import MAX_LEVELS, Department
from orgs.selectors.departments import counts, paths
from orgs.services.tree_lock import locked, require_scope
from orgs.signals import department_deleting
from orgs.validators import tidy


@dataclass(frozen=True, slots=True)
class DepartmentText:
    """What is written about a department."""

    name: str
    description: str = ""

    @classmethod
    def of(cls, department: Department) -> DepartmentText:
        return cls(department.name, department.description)


@transaction.atomic
def create_department(
    *, parent: Department, name: str, description: str = "", actor: Operator
) -> Department:
    """Create a department as the last child of its parent.

    Raises NameTaken, TooDeep, OutsideScope, DepartmentGone; ValidationError for a name
    that is none.
    """
    parent = locked(parent)
    require_scope(actor, parent)
    department = Department(
        organization_id=parent.organization_id,
        parent=parent,
        name=tidy(name),
        pinyin=spelled(tidy(name)),
        description=tidy(description),
    )
    department.clean_fields(exclude=["lft", "rght", "tree_id", "level"])
    refuse_taken_name(department.name, parent)
    if parent.level + 1 > MAX_LEVELS:
        raise TooDeep
    department.save()
    audit.record(
        "department.created",
        actor=actor,
        target=department,
        department_id=department.pk,
        after={"path": paths([department.pk])[department.pk], "description": description},
    )
    return department


@transaction.atomic
def change_department(
    *,
    department: Department,
    wanted: DepartmentText,
    actor: Operator,
    seen: DepartmentText | None = None,
) -> Department:
    """Rename or describe a department.

    seen: what the form showed; a text left as it was shown is not written, and one that
    somebody else has changed since is not written over. The name of a department is
    its parent's matter: who administers just the department may not change it.
    Raises NameTaken, ChangedMeanwhile, OutsideScope, DepartmentGone; ValidationError.
    """
    department = locked(department)
    seen = seen or DepartmentText.of(department)
    wanted = DepartmentText(tidy(wanted.name), tidy(wanted.description))
    touched = {
        field.name: getattr(wanted, field.name)
        for field in fields(wanted)
        if getattr(wanted, field.name) != getattr(seen, field.name)
    }
    before, after = audit.changes(department, touched)
    if not after:
        return department
    require_scope(actor, department)
    if "name" in after and department.parent:
        require_scope(actor, department.parent)
        refuse_taken_name(wanted.name, department.parent)
    _refuse_lost_change(department, before, seen)
    for name, value in after.items():
        setattr(department, name, value)
    department.pinyin = spelled(department.name)
    department.clean_fields(
        exclude=[f.name for f in Department._meta.fields if f.name not in after]
    )
    department.save(update_fields=[*after, "pinyin", "updated_at"])
    audit.record(
        "department.changed",
        actor=actor,
        target=department,
        department_id=department.pk,
        before=before,
        after=after,
    )
    return department


def _refuse_lost_change(
    department: Department, before: dict[str, str], seen: DepartmentText
) -> None:
    for name, now in before.items():
        if now != asdict(seen)[name]:
            last = AuditRecord.objects.filter(
                target_type=Department._meta.label_lower,
                target_id=str(department.pk),
                action="department.changed",
            ).order_by("-pk")
            who = last.values_list("actor_name", flat=True).first() or ""
            refusal = ChangedMeanwhile(who, now)
            refusal.field = name
            raise refusal


@transaction.atomic
def delete_department(*, department: Department, actor: Operator) -> None:
    """Delete an empty department.

    Raises DepartmentInUse, RootIsFixed, OutsideScope, DepartmentGone.
    """
    department = locked(department)
    if department.parent is None:
        raise RootIsFixed(department)
    require_scope(actor, department.parent)
    if in_use := obstacle(department):
        raise in_use
    audit.record(
        "department.deleted",
        actor=actor,
        target=department,
        department_id=department.parent_id,
        before={
            "path": paths([department.pk])[department.pk],
            "description": department.description,
        },
    )
    department_deleting.send(sender=Department, department=department, actor=actor)
    department.delete()


def obstacle(department: Department) -> DepartmentRefused | None:
    """Why the department cannot be deleted as it is."""
    if department.parent_id is None:
        return RootIsFixed(department)
    accounts = counts([department.pk])[department.pk].direct
    children: int = department.children.count()
    if accounts or children:
        return DepartmentInUse(department, accounts=accounts, children=children)
    return None


def refuse_taken_name(name: str, parent: Department) -> None:
    if Department.objects.filter(parent=parent, name=name).exists():
        raise NameTaken(name, parent)


def refuse_depth(department: Department, parent: Department) -> None:
    """Raises TooDeep when the department with all below it does not fit below the parent."""
    below = department.get_descendants(include_self=True)
    deepest = below.aggregate(level=Max("level"))["level"]
    if parent.level + 1 + deepest - department.level > MAX_LEVELS:
        raise TooDeep
