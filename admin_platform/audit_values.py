"""The values of an audit record in readable words: what was there before and after.

A value named like a field of the record's target is called and shown as that field; for
the others the apps say how (`register_values`, in their `audit_actions.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_platform.models import AuditRecord

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        sides = [side for side in (self.before, self.after or "–") if side]
        return self.label + _(": ") + " → ".join(sides)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a value is called and shown; show: as it is stored in the record, to text."""

    label: Label
    show: Callable[[Any], str] | None = None


_values: dict[tuple[str, str], Shown] = {}


def register_values(values: Mapping[str, Label | Shown], *, action: str = "") -> None:
    """Say how values are called that are no field of their record's target.

    action: in records of which alone; elsewhere the name may mean something else.
    """
    for name, value in values.items():
        _values[action, name] = value if isinstance(value, Shown) else Shown(value)


def shown_as(field: models.Field[Any, Any]) -> Shown:
    """A value as a field of another model than the target calls and shows it."""
    choices = dict(field.flatchoices)
    return Shown(field.verbose_name, lambda value: str(choices.get(value, value)))


def choice_of(label: Label, choices: type[models.TextChoices]) -> Shown:
    """A value that is one of the choices."""
    labels = dict(choices.choices)
    return Shown(label, lambda value: str(labels.get(value, value)))


def differences(record: AuditRecord) -> list[Difference]:
    """Each value that changed; one side is empty where something came or went, not both."""
    words = _Words(record.action, _model(record.target_type))
    found = (
        Difference(
            words.label(name),
            words.text(name, record.before.get(name)),
            words.text(name, record.after.get(name)),
        )
        for name in dict.fromkeys([*record.before, *record.after])
    )
    return [difference for difference in found if difference.before or difference.after]


@dataclass(frozen=True, slots=True)
class _Words:
    """How the values of a record are called and shown, by its action and its target's model."""

    action: str
    model: type[models.Model] | None

    def label(self, name: str) -> str:
        if shown := self._shown(name):
            return str(shown.label)
        field = self._field(name)
        return str(field.verbose_name) if field is not None else name.replace("_", " ")

    def text(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "、".join(self.text(name, item) for item in value)
        if isinstance(value, dict):
            return "、".join(f"{self.label(k)} {self.text(k, v)}" for k, v in value.items())
        return self._plain(name, value)

    def _plain(self, name: str, value: Any) -> str:
        shown = self._shown(name)
        if shown and shown.show:
            return shown.show(value)
        field = self._field(name)
        if isinstance(field, models.DateTimeField):
            return _moment(value)
        choices = dict(field.flatchoices) if field is not None else {}
        return str(choices.get(value, value))

    def _shown(self, name: str) -> Shown | None:
        return _values.get((self.action, name)) or _values.get(("", name))

    def _field(self, name: str) -> models.Field[Any, Any] | None:
        if self.model is None:
            return None
        try:
            found = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        return found if isinstance(found, models.Field) else None


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _moment(value: str) -> str:
    """A stored moment as pages show it, in the reader's time zone."""
    moment = parse_datetime(value)
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else value
