"""Writing the administrator log.

Services call `record` inside their transaction. Actions are registered with the
sentence that the log shows, so that it can be told in any language later.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from admin_platform import functions
from admin_platform.copying import copy_rows
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator

MASK = "******"
SECRET_WORDS = ("password", "secret", "token", "private_key")

_actions: dict[str, str | Promise] = {}
_chapters: dict[str, str] = {}
_own_actions: set[str] = set()


def register_actions(
    actions: Mapping[str, str | Promise], *, own: bool = False, chapter: str = ""
) -> None:
    """Add actions: code (`account.created`) to sentence with `{target}`.

    own: what members do with their own account, shown in the user log (manual, 7.2)
    instead of the administrator log. chapter: where the log looks for them; by default
    that of the functions with the same subject.
    """
    _actions.update(actions)
    _chapters.update(dict.fromkeys(actions, chapter))
    if own:
        _own_actions.update(actions)


def own_actions() -> frozenset[str]:
    return frozenset(_own_actions)


def actions() -> Mapping[str, str | Promise]:
    return _actions


def chapter_of(action: str) -> str:
    """The chapter of the menu to which an action belongs; "" for none."""
    subject = action.partition(".")[0]
    found = (f.chapter for f in functions.all_functions() if f.subject == subject)
    return _chapters.get(action) or next(found, "")


def sentence(record: AuditRecord) -> str:
    """What the record tells, in the reader's language."""
    return str(_actions.get(record.action, record.action)).format(target=record.target_name)


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
    _check(action)
    change = Change(target, before or {}, after or {}, department_id)
    organization_id = organization_id or _organization_of(change, actor)
    values = _values(action, change, actor, organization_id, batch)
    return AuditRecord.objects.create(**dict(zip(COLUMNS, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Change:
    """One of many records of the same action."""

    target: models.Model | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    department_id: int | None = None


def record_many(
    action: str, changes: Iterable[Change], *, actor: Operator, batch: uuid.UUID
) -> None:
    """Write a record for each change, as `record` does, by COPY."""
    _check(action)
    copy_rows(
        AuditRecord,
        COLUMNS,
        (
            _values(action, change, actor, _organization_of(change, actor), batch)
            for change in changes
        ),
    )


def _check(action: str) -> None:
    if action not in _actions:
        raise LookupError(f"The action {action!r} is not registered.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit record needs the transaction of the change it records.")


def _organization_of(change: Change, actor: Operator) -> int | None:
    return getattr(change.target, "organization_id", None) or actor.organization_id


COLUMNS = (
    "action", "organization_id", "department_id", "actor_id", "actor_name", "target_type",
    "target_id", "target_name", "before", "after", "ip", "batch",
)  # fmt: skip


def _values(
    action: str,
    change: Change,
    actor: Operator,
    organization_id: int | None,
    batch: uuid.UUID | None,
) -> tuple[Any, ...]:
    """What COLUMNS hold for the change."""
    target = change.target
    return (
        action,
        organization_id,
        change.department_id,
        actor.account_id,
        actor.name,
        target._meta.label_lower if target else "",
        str(target.pk) if target else "",
        str(target)[:320] if target else "",
        masked(change.before),
        masked(change.after),
        actor.ip,
        batch,
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
