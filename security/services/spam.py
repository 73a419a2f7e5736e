"""Changing what is spam for an organization, and whose mail it always or never takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.services.limits import lock_organization
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.choices import ListedKind
from security.errors import SpamListFull, SpamListTaken, WholeOrganizationOnly
from security.models import SpamListEntry
from security.ranges import AddressRange
from security.selectors.spam import spam_rule_of

MAX_ENTRIES = 500


@transaction.atomic
def change_spam_rule(
    *, organization: Organization, values: Mapping[str, Any], actor: Operator
) -> None:
    """Counts within seconds for mail from the outside.

    values: fields of SpamRule. Raises WholeOrganizationOnly, ValidationError.
    """
    _check_actor(actor)
    organization = lock_organization(organization.pk)
    rule = spam_rule_of(organization)
    before, after = audit.changes(rule, values)
    if not after:
        return
    for name, value in after.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    audit.record(
        "spam_rule.changed",
        actor=actor,
        target=organization,
        before=before,
        after=after,
        organization_id=organization.pk,
    )


@transaction.atomic
def add_to_spam_list(
    *,
    organization: Organization,
    listed_as: str,
    kind: str,
    value: str,
    note: str = "",
    actor: Operator,
) -> SpamListEntry:
    """Raises WholeOrganizationOnly, SpamListTaken, SpamListFull, ValidationError."""
    _check_actor(actor)
    organization = lock_organization(organization.pk)
    entry = SpamListEntry(
        organization=organization, listed_as=listed_as, kind=kind, value=_tidy(kind, value)
    )
    entry.note = note
    entry.full_clean(validate_constraints=False)
    present = organization.spam_list.all()
    if present.filter(kind=kind, value=entry.value).exists():
        raise SpamListTaken(entry.value)
    if present.count() >= MAX_ENTRIES:
        raise SpamListFull(MAX_ENTRIES)
    entry.save()
    _record("spam_list.added", entry, actor)
    return entry


@transaction.atomic
def remove_from_spam_list(*, entry: SpamListEntry, actor: Operator) -> None:
    _check_actor(actor)
    _record("spam_list.removed", entry, actor)
    entry.delete()


def _check_actor(actor: Operator) -> None:
    if not actor.can_everywhere("antispam.manage"):
        raise WholeOrganizationOnly


def _tidy(kind: str, value: str) -> str:
    """As it is compared. Raises ValidationError for what is no range of addresses."""
    if kind == ListedKind.IP:
        return str(AddressRange.parse(value))
    return value.strip().lower().removeprefix("@")


def _record(action: str, entry: SpamListEntry, actor: Operator) -> None:
    values = {"listed_as": entry.listed_as, "kind": entry.kind, "note": entry.note}
    is_new = action.endswith("added")
    audit.record(
        action,
        actor=actor,
        target=entry,
        before={} if is_new else values,
        after=values if is_new else {},
        organization_id=entry.organization_id,
    )
