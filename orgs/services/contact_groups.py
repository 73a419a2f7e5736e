"""Groups of shared contacts (manual, 5.2①②)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.contact_errors import GroupNameTaken, TooManyGroups
from orgs.models import ContactGroup, Organization
from orgs.models.contact import MAX_GROUPS
from orgs.selectors.contacts import groups_of


@transaction.atomic
def create_group(*, organization: Organization, name: str, actor: Operator) -> ContactGroup:
    """Add a group behind the others. Raises GroupNameTaken, TooManyGroups."""
    groups = locked_groups(organization.pk)
    if len(groups) >= MAX_GROUPS:
        raise TooManyGroups
    group = ContactGroup(organization=organization, name=name)
    group.position = groups[-1].position + 1 if groups else 0
    _save(group)
    audit.record("contact_group.created", actor=actor, target=group)
    return group


@transaction.atomic
def rename_group(*, group: ContactGroup, name: str, actor: Operator) -> None:
    """Raises GroupNameTaken."""
    locked_groups(group.organization_id)
    before, after = audit.changes(group, {"name": name})
    if not after:
        return
    group.name = name
    _save(group, update_fields=["name"])
    audit.record("contact_group.renamed", actor=actor, target=group, before=before, after=after)


@transaction.atomic
def shift_group(*, group: ContactGroup, up: bool, actor: Operator) -> None:
    """Let it change places with the group before or behind it, if there is one."""
    groups = locked_groups(group.organization_id)
    place = next((n for n, other in enumerate(groups) if other.pk == group.pk), None)
    wanted = None if place is None else place + (-1 if up else 1)
    if place is None or wanted is None or not 0 <= wanted < len(groups):
        return
    groups.insert(wanted, groups.pop(place))
    for position, other in enumerate(groups):
        other.position = position
    ContactGroup.objects.bulk_update(groups, ["position"])
    audit.record(
        "contact_group.ordered",
        actor=actor,
        target=group,
        before={"place": place + 1},
        after={"place": wanted + 1},
    )


@transaction.atomic
def delete_group(*, group: ContactGroup, actor: Operator) -> int:
    """Delete the group; its contacts stay, in no group. Returns how many these are."""
    locked_groups(group.organization_id)
    freed = group.contacts.update(group=None)
    audit.record("contact_group.deleted", actor=actor, target=group, before={"contacts": freed})
    group.delete()
    return freed


def locked_groups(organization_id: int) -> list[ContactGroup]:
    """In their order. Who changes them waits until the transaction at hand has ended."""
    # The organization stands for all of its groups: an empty list cannot be locked.
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
    return list(groups_of(organization_id))


def _save(group: ContactGroup, update_fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            group.save(update_fields=update_fields)
    except IntegrityError as error:
        raise GroupNameTaken(group.name) from error
