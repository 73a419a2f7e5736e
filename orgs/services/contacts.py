"""Shared contacts, one by one and those that are ticked (manual, 5.2③)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Contact, ContactGroup, Organization
from orgs.models.contact import DEFAULT_POSITION


@dataclass(frozen=True, slots=True)
class ContactText:
    """What is written down of a contact; addresses: the main one first."""

    name: str
    addresses: Sequence[str] = ()
    mobile: str = ""
    phone: str = ""
    company: str = ""
    title: str = ""
    note: str = ""
    position: int = DEFAULT_POSITION

    @property
    def values(self) -> dict[str, object]:
        return asdict(self) | {"addresses": list(self.addresses)}


@transaction.atomic
def create_contact(
    *,
    organization: Organization,
    group: ContactGroup | None,
    text: ContactText,
    actor: Operator,
) -> Contact:
    contact = new_contact(organization, group, text)
    contact.save()
    audit.record(
        "contact.created",
        actor=actor,
        target=contact,
        after={**text.values, "group": group.name if group else ""},
    )
    return contact


def new_contact(
    organization: Organization, group: ContactGroup | None, text: ContactText
) -> Contact:
    """A contact that is ready to be saved."""
    contact = Contact(organization=organization, group=group, **text.values)
    contact.index()
    return contact


@transaction.atomic
def change_contact(
    *, contact: Contact, group: ContactGroup | None, text: ContactText, actor: Operator
) -> None:
    before, after = audit.changes(contact, text.values)
    if contact.group_id != (group.pk if group else None):
        before["group"] = contact.group.name if contact.group else ""
        after["group"] = group.name if group else ""
    if not after:
        return
    contact.group = group
    for name, value in text.values.items():
        setattr(contact, name, value)
    contact.index()
    contact.save(update_fields=[*text.values, "group", "pinyin", "search_text"])
    audit.record("contact.changed", actor=actor, target=contact, before=before, after=after)


@transaction.atomic
def set_position(*, contact: Contact, position: int, actor: Operator) -> None:
    before, after = audit.changes(contact, {"position": position})
    if not after:
        return
    contact.position = position
    contact.save(update_fields=["position"])
    audit.record("contact.changed", actor=actor, target=contact, before=before, after=after)


@transaction.atomic
def delete_contacts(*, contacts: Iterable[Contact], actor: Operator) -> int:
    """Delete them for good. Returns how many were still there."""
    locked = _locked(contacts)
    changes = [audit.Change(contact, before=_shown(contact)) for contact in locked]
    audit.record_many("contact.deleted", changes, actor=actor, batch=uuid.uuid4())
    Contact.objects.filter(pk__in=[contact.pk for contact in locked]).delete()
    return len(locked)


@transaction.atomic
def move_contacts(
    *, contacts: Iterable[Contact], group: ContactGroup | None, actor: Operator
) -> int:
    """Into the group, or into none. Returns how many were elsewhere before."""
    target = group.pk if group else None
    moved = [contact for contact in _locked(contacts) if contact.group_id != target]
    after = {"group": group.name if group else ""}
    changes = [audit.Change(c, {"group": c.group.name if c.group else ""}, after) for c in moved]
    audit.record_many("contact.moved", changes, actor=actor, batch=uuid.uuid4())
    Contact.objects.filter(pk__in=[contact.pk for contact in moved]).update(group=group)
    return len(moved)


@transaction.atomic
def record_export(*, organization: Organization, number: int, actor: Operator) -> None:
    audit.record("contact.exported", actor=actor, target=organization, after={"contacts": number})


def _locked(contacts: Iterable[Contact]) -> list[Contact]:
    """In the order of their ids, so that two who tick the same ones wait for each other."""
    ids = [contact.pk for contact in contacts]
    rows = Contact.objects.select_for_update(of=("self",)).select_related("group")
    return list(rows.filter(pk__in=ids).order_by("pk"))


def _shown(contact: Contact) -> dict[str, object]:
    return {"addresses": contact.addresses, "group": contact.group.name if contact.group else ""}
