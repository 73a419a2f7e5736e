"""Importing shared contacts (manual, 5.2④): all good rows at once, the bad ones told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.contact_errors import TooManyGroups
from orgs.contact_sheet import COLUMNS
from orgs.models import Contact, ContactGroup, Organization
from orgs.models.contact import MAX_GROUPS
from orgs.services.contact_groups import locked_groups
from orgs.services.contacts import ContactText, new_contact

BATCH = 1000


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """number: as the spreadsheet program shows it, or of the card. group: its name, or ""."""

    number: int
    group: str
    text: ContactText


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is left out. column: its code; value: what stands there."""

    number: int
    column: str
    value: str
    reason: str

    @property
    def label(self) -> str:
        return str(next(column.label for column in COLUMNS if column.code == self.column))


@dataclass(slots=True)
class ImportResult:
    created: int = 0
    groups: int = 0
    problems: list[RowProblem] = field(default_factory=list)


@transaction.atomic
def import_contacts(
    *,
    organization: Organization,
    rows: Iterable[ImportedRow | RowProblem],
    group: ContactGroup | None,
    source: str,
    actor: Operator,
) -> ImportResult:
    """Add a contact for each good row; one that is there already is told and left out.

    group: of the rows that name none. source: the file's name, for the log. One
    transaction: an import that is interrupted has written nothing.
    """
    importing = _Importing(organization, group)
    result = importing.result
    for row in rows:
        if isinstance(row, RowProblem):
            result.problems.append(row)
        else:
            importing.take(row)
    created = Contact.objects.bulk_create(importing.contacts, batch_size=BATCH)
    result.created, result.groups = len(created), len(importing.new_groups)
    if created:
        _record(organization, importing, source, actor)
    return result


def _record(
    organization: Organization, importing: _Importing, source: str, actor: Operator
) -> None:
    batch = uuid.uuid4()
    audit.record(
        "contact.imported",
        actor=actor,
        target=organization,
        after={"file": source, "contacts": len(importing.contacts)},
        batch=batch,
    )
    groups = [audit.Change(group) for group in importing.new_groups]
    audit.record_many("contact_group.created", groups, actor=actor, batch=batch)
    contacts = [
        audit.Change(c, after={"addresses": c.addresses, "group": c.group.name if c.group else ""})
        for c in importing.contacts
    ]
    audit.record_many("contact.created", contacts, actor=actor, batch=batch)


class _Importing:
    """What is there, and what becomes of the rows taken so far."""

    def __init__(self, organization: Organization, group: ContactGroup | None) -> None:
        # Nobody changes groups, nor imports the same contacts, until this import has ended.
        groups = locked_groups(organization.pk)
        self.organization = organization
        # It may have been deleted while the file was read.
        self.group = next((there for there in groups if there == group), None)
        self.groups = {group.name: group for group in groups}
        self.next_position = groups[-1].position + 1 if groups else 0
        there = Contact.objects.filter(organization=organization).only(*KEY_FIELDS)
        self.known = {_key(contact) for contact in there.iterator()}
        self.contacts: list[Contact] = []
        self.new_groups: list[ContactGroup] = []
        self.result = ImportResult()

    def take(self, row: ImportedRow) -> None:
        key = _key(row.text)
        if key in self.known:
            self._leave_out(row, "name", row.text.name, _("This contact is there already."))
            return
        try:
            group = self._group(row.group)
        except TooManyGroups as refusal:
            self._leave_out(row, "group", row.group, str(refusal))
            return
        self.known.add(key)
        self.contacts.append(new_contact(self.organization, group, row.text))

    def _leave_out(self, row: ImportedRow, column: str, value: str, reason: str) -> None:
        self.result.problems.append(RowProblem(row.number, column, value, reason))

    def _group(self, name: str) -> ContactGroup | None:
        if not name:
            return self.group
        if name not in self.groups:
            if len(self.groups) >= MAX_GROUPS:
                raise TooManyGroups
            group = ContactGroup(organization=self.organization, name=name)
            group.position = self.next_position
            group.save()
            self.next_position += 1
            self.groups[name] = group
            self.new_groups.append(group)
        return self.groups[name]


KEY_FIELDS = ("name", "addresses", "mobile", "phone")


def _key(contact: Contact | ContactText) -> tuple[str, str]:
    """By what two contacts are the same: the name, and the main address or else a number."""
    address = contact.addresses[0] if contact.addresses else ""
    return contact.name.casefold(), (address or contact.mobile or contact.phone).casefold()
