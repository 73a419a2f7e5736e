"""Writing the administrator log.

Services call `record` inside their transaction. Actions are registered with the
sentence that the log shows, so that it can be told in any language later.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from admin_platform.models import AuditRecord
from admin_platform.operator import Operator

MASK = "******"
SECRET_WORDS = ("password", "secret", "token", "private_key")

_actions: dict[str, str | Promise] = {}


def register_actions(actions: Mapping[str, str | Promise]) -> None:
    """Add actions: code (`account.created`) to sentence with `{target}`."""
    _actions.update(actions)


def actions() -> Mapping[str, str | Promise]:
    return _actions


def record(
    action: str,
    *,
    actor: Operator,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    department_id: int | None = None,
    organization_id: int | None = None,
    batch: uuid.UUID | None = None,
) -> AuditRecord:
    """Write one record into the transaction at hand.

    before, after: the changed values only; values whose key speaks of a secret are masked.
    organization_id: the target's own by default, else the actor's.
    Raises LookupError for an unregistered action, RuntimeError outside a transaction:
    a change and its record come into being together or not at all.
    """
    if action not in _actions:
        raise LookupError(f"The action {action!r} is not registered.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the change it records.")
    if organization_id is None:
        organization_id = getattr(target, "organization_id", None) or actor.organization_id
    return AuditRecord.objects.create(
        action=action,
        organization_id=organization_id,
        department_id=department_id,
        actor_id=actor.account_id,
        actor_name=actor.name,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=str(target)[:320] if target else "",
        before=masked(before or {}),
        after=masked(after or {}),
        ip=actor.ip,
        batch=batch,
    )


def masked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON can hold them, secrets replaced by asterisks."""
    return {
        key: MASK if value and any(word in key for word in SECRET_WORDS) else _plain(value)
        for key, value in values.items()
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return masked(value)
    return str(value)


def changes(
    instance: models.Model, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of the given field values that differ from the instance's."""
    before = {name: getattr(instance, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    return {name: before[name] for name in changed}, {name: values[name] for name in changed}
