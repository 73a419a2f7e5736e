"""The administrator log in readable words (manual, 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from admin_platform import audit
from admin_platform.models import AuditRecord


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: str
    after: str


def sentence(record: AuditRecord) -> str:
    """What was done, in the reader's language."""
    template = str(audit.actions().get(record.action, record.action))
    return template.replace("{target}", record.target_name)


def differences(record: AuditRecord) -> list[Difference]:
    """Each value that changed; one side is empty where something came or went."""
    names = dict.fromkeys([*record.before, *record.after])
    model = _model(record.target_type)
    return [
        Difference(
            _label(model, name),
            _shown(model, name, record.before.get(name)),
            _shown(model, name, record.after.get(name)),
        )
        for name in names
    ]


def remark(record: AuditRecord) -> str:
    """The differences in one line, for exports."""
    return "; ".join(
        f"{d.label}: {d.before or '–'} → {d.after or '–'}" for d in differences(record)
    )


def rows_for_export(records: models.QuerySet[AuditRecord]) -> Iterator[list[str]]:
    for record in records.iterator(chunk_size=2000):
        yield [
            f"{record.at:%Y-%m-%d %H:%M:%S}",
            record.actor_name,
            record.ip or "",
            sentence(record),
            remark(record),
        ]


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _label(model: type[models.Model] | None, name: str) -> str:
    """A field's own name; what is no field of the target is named in EXTRA_LABELS."""
    field = _field(model, name)
    if field is not None:
        return str(field.verbose_name)
    return EXTRA_LABELS[name]() if name in EXTRA_LABELS else name.replace("_", " ")


EXTRA_LABELS = {
    "role": lambda: _("Role"),
    "departments": lambda: _("Departments"),
    "department": lambda: _("Department"),
    "aliases": lambda: _("Aliases"),
    "address": lambda: _("address"),
    "mailbox": lambda: _("Mailbox"),
    "members": lambda: _("Members"),
    "senders": lambda: _("Senders"),
    "quota_bytes": lambda: _("quota"),
    "parent": lambda: _("parent department"),
    "password": lambda: _("Password"),
}


def _shown(model: type[models.Model] | None, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_shown(model, name, item) for item in value)
    if isinstance(value, dict):
        return "、".join(f"{_label(model, k)} {_shown(model, k, v)}" for k, v in value.items())
    field = _field(model, name)
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value, value))
