"""Shared contacts and their groups: lists, counts, search."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from admin_platform.paging import DEFAULT_SIZE, Page, Total, capped_total, keyset_page
from orgs.models import Contact, ContactGroup

MAX_WORDS = 4
MAX_LENGTH = 64
# What stands for the contacts in no group, where a group is asked for.
NO_GROUP: Final = "none"


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """of_group: by the group's id. none: in no group."""

    of_group: Mapping[int, int]
    none: int

    @property
    def total(self) -> int:
        return sum(self.of_group.values()) + self.none

    def of(self, group: ContactGroup | str) -> int:
        """group: one of them, NO_GROUP, or "" for all contacts."""
        if isinstance(group, ContactGroup):
            return self.of_group.get(group.pk, 0)
        return self.none if group == NO_GROUP else self.total


def groups_of(organization_id: int | None) -> QuerySet[ContactGroup]:
    """In their order; MAX_GROUPS at most."""
    return ContactGroup.objects.filter(organization=organization_id).order_by("position", "pk")


def group_counts(organization_id: int) -> GroupCounts:
    found = Contact.objects.filter(organization=organization_id).order_by().values_list("group")
    counted: dict[int | None, int] = dict(found.annotate(n=Count("pk")))
    none = counted.pop(None, 0)
    return GroupCounts({pk: n for pk, n in counted.items() if pk is not None}, none)


def find_contacts(contacts: QuerySet[Contact], query: str) -> QuerySet[Contact]:
    """Those in which every word of the query stands: in name, pinyin, address, phone, company."""
    plain = unicodedata.normalize("NFKC", query)[:MAX_LENGTH].lower().replace("\x00", "")
    for word in plain.split()[:MAX_WORDS]:
        contacts = contacts.filter(search_text__contains=word)
    return contacts


def in_group(contacts: QuerySet[Contact], group: ContactGroup | str) -> QuerySet[Contact]:
    """group: one of them, NO_GROUP, or "" for all contacts."""
    if isinstance(group, ContactGroup):
        return contacts.filter(group=group)
    return contacts.filter(group=None) if group == NO_GROUP else contacts


def contact_page(
    contacts: QuerySet[Contact],
    *,
    cursors: Mapping[str, str],
    size: int = DEFAULT_SIZE,
    total: int | None = None,
) -> Page[Contact]:
    """total: how many there are, where that is known."""
    return keyset_page(
        contacts,
        key="sort_key",
        rows=Contact.objects.select_related("group").defer("search_text"),
        cursors=cursors,
        size=size,
        total=lambda: capped_total(contacts) if total is None else Total(total),
    )


def contacts_to_write_to(organization_id: int, typed: str, limit: int) -> QuerySet[Contact]:
    """The first contacts with an address that the typed words may mean."""
    contacts = Contact.objects.filter(organization=organization_id).exclude(addresses=[])
    return find_contacts(contacts, typed).order_by("sort_key", "pk")[:limit]
