"""Roles and grants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Account, Grant, Role
from accounts.presets import PRESETS, preset_functions
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department


def sync_preset_roles(**_: Any) -> None:
    """Bring the preset roles' rows to what the code says; runs after every migration."""
    for code in PRESETS:
        Role.objects.update_or_create(
            code=code, defaults={"name": code, "functions": preset_functions(code)}
        )


@transaction.atomic
def grant_role(
    *, account: Account, role: Role, departments: Iterable[Department], actor: Operator
) -> Grant:
    """Give a role to an account within departments of its organization."""
    departments = list(departments)
    grant = Grant.objects.create(
        organization_id=account.organization_id,
        account=account,
        role=role,
        granted_by_name=actor.name,
    )
    grant.departments.set(departments)
    audit.record(
        "grant.created",
        actor=actor,
        target=account,
        after={"role": str(role), "departments": [d.name for d in departments]},
    )
    return grant
