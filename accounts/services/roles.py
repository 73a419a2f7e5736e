"""The organization's own roles (manual, 8.1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.grant_errors import (
    PresetRole,
    RoleBeyondOwn,
    RoleGone,
    RoleInUse,
    RoleNameTaken,
)
from accounts.models import Grant, Role
from accounts.presets import PRESETS, preset_functions
from accounts.selectors.operators import as_of_now
from accounts.selectors.roles import beyond, with_views
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from orgs.services.tree_lock import lock_tree


def sync_preset_roles(**_: Any) -> None:
    """Bring the preset roles' rows to what the code says; runs after every migration."""
    for code in PRESETS:
        Role.objects.update_or_create(
            code=code, defaults={"name": code, "functions": preset_functions(code)}
        )


@transaction.atomic
def create_role(
    *,
    organization: Organization,
    name: str,
    description: str,
    functions: Collection[str],
    actor: Operator,
) -> Role:
    """Create a role of the organization's own.

    Whoever may change something also sees it: the functions that show it come along.
    Raises RoleNameTaken, RoleBeyondOwn.
    """
    lock_tree(organization.pk)
    codes = _checked(organization.pk, name, functions, actor)
    role = Role(organization=organization, name=name, description=description, functions=codes)
    role.full_clean(exclude=["code"])
    role.save()
    audit.record(
        "role.created",
        actor=actor,
        target=role,
        after={"name": name, "description": description, "functions": codes},
    )
    return role


@transaction.atomic
def change_role(
    *, role: Role, name: str, description: str, functions: Collection[str], actor: Operator
) -> Role:
    """Change an own role; whoever holds it has the new functions at the next request.

    Raises PresetRole, RoleGone, RoleNameTaken, RoleBeyondOwn (also for functions that the
    role has by now).
    """
    role = _locked(role, actor)
    codes = _checked(role.organization_id, name, functions, actor, but=role)
    values = {"name": name, "description": description, "functions": codes}
    before, after = audit.changes(role, values)
    if not after:
        return role
    for field, value in after.items():
        setattr(role, field, value)
    role.full_clean(exclude=["code"])
    role.save(update_fields=list(after))
    if "functions" in after:
        # Of some forty codes, those that went and those that came.
        had, has = set(before["functions"]), set(codes)
        before, after = before | {"functions": had - has}, after | {"functions": has - had}
    audit.record("role.changed", actor=actor, target=role, before=before, after=after)
    return role


@transaction.atomic
def delete_role(*, role: Role, actor: Operator) -> None:
    """Raises PresetRole, RoleGone, RoleBeyondOwn, RoleInUse."""
    role = _locked(role, actor)
    if refusal := obstacle(role):
        raise refusal
    audit.record(
        "role.deleted",
        actor=actor,
        target=role,
        before={"description": role.description, "functions": role.functions},
    )
    role.delete()


def obstacle(role: Role) -> RoleInUse | None:
    """Why the role cannot be deleted as it is."""
    members = Grant.objects.filter(role=role).values("account").distinct().count()
    return RoleInUse(role.name, members) if members else None


def _locked(role: Role, actor: Operator) -> Role:
    """The role read anew under the lock that granting it takes too."""
    if role.organization_id is None:
        raise PresetRole
    lock_tree(role.organization_id)
    found = Role.objects.filter(pk=role.pk).first()
    if found is None:
        raise RoleGone
    if missing := beyond(as_of_now(actor), found.functions):
        raise RoleBeyondOwn(missing)
    return found


def _checked(
    organization_id: int | None,
    name: str,
    functions: Collection[str],
    actor: Operator,
    but: Role | None = None,
) -> list[str]:
    """The codes to store."""
    others = Role.objects.filter(organization=organization_id)
    if but:
        others = others.exclude(pk=but.pk)
    presets = [str(preset.label) for preset in PRESETS.values()]
    if name in presets or others.filter(name=name).exists():
        raise RoleNameTaken(name)
    codes = with_views(functions)
    if missing := beyond(as_of_now(actor), codes):
        raise RoleBeyondOwn(missing)
    return sorted(codes)
