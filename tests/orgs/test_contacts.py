"""What services do with shared contacts and their groups."""

import pytest

from admin_platform.models import AuditRecord
from orgs.contact_errors import GroupNameTaken, TooManyGroups
from orgs.models import Contact, ContactGroup
from orgs.models.contact import MAX_GROUPS
from orgs.selectors.contacts import contact_page, find_contacts, groups_of
from orgs.services.contact_groups import create_group, delete_group, rename_group, shift_group
from orgs.services.contacts import (
    ContactText,
    change_contact,
    create_contact,
    delete_contacts,
    move_contacts,
    set_position,
)
from tests.factories.accounts import system_operator
from tests.factories.orgs import ContactFactory, ContactGroupFactory, OrganizationFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture
def actor(organization):
    return system_operator(organization)


def names(contacts):
    return [contact.name for contact in contacts]


def acts():
    return list(AuditRecord.objects.order_by("pk").values_list("action", "target_name"))


def test_a_contact_is_created_with_everything_that_was_written_down(organization, actor):
    group = ContactGroupFactory(organization=organization, name="客户")
    text = ContactText("曾伟", ["zeng@far.example"], mobile="13900000000", company="远方")

    create_contact(organization=organization, group=group, text=text, actor=actor)

    contact = Contact.objects.get()
    assert (contact.name, contact.addresses, contact.group) == ("曾伟", ["zeng@far.example"], group)
    record = AuditRecord.objects.get()
    assert (record.action, record.after["group"]) == ("contact.created", "客户")


@pytest.mark.parametrize(
    "query", ["曾", "曾伟", "zengwei", "zw", "ZENG@far", "远方", "1390", "曾 远方", "second@"]
)
def test_a_contact_is_found_by(query, organization):
    found = ContactFactory(organization=organization, name="曾伟", company="远方", mobile="1390")
    found.addresses = ["zeng@far.example", "second@far.example"]
    found.index()
    found.save()
    ContactFactory(organization=organization, name="李雷")

    assert names(find_contacts(Contact.objects.all(), query)) == ["曾伟"]


def test_a_word_that_stands_nowhere_finds_nobody(organization):
    ContactFactory(organization=organization, name="曾伟")

    assert not find_contacts(Contact.objects.all(), "曾 李").exists()


def test_the_changed_name_is_what_is_found_and_logged(organization, actor):
    contact = ContactFactory(organization=organization, name="李雷", addresses=["a@far.example"])
    text = ContactText("韩梅", ["a@far.example"])

    change_contact(contact=contact, group=None, text=text, actor=actor)

    assert names(find_contacts(Contact.objects.all(), "hanmei")) == ["韩梅"]
    record = AuditRecord.objects.get()
    assert (record.before, record.after) == ({"name": "李雷"}, {"name": "韩梅"})


def test_saving_without_a_change_leaves_no_record(organization, actor):
    contact = ContactFactory(organization=organization, name="李雷", addresses=["a@far.example"])

    change_contact(
        contact=contact, group=None, text=ContactText("李雷", ["a@far.example"]), actor=actor
    )

    assert acts() == []


def test_smaller_numbers_come_first_then_the_pinyin(organization, actor):
    for name, position in [("赵一", 100), ("艾二", 100), ("周三", 20)]:
        ContactFactory(organization=organization, name=name, position=position)
    last = ContactFactory(organization=organization, name="白四", position=9)

    set_position(contact=last, position=1000, actor=actor)

    page = contact_page(Contact.objects.all(), cursors={})
    assert names(page.items) == ["周三", "艾二", "赵一", "白四"]


def test_pages_show_every_contact_once(organization):
    for number in range(25):
        ContactFactory(organization=organization, name=f"同名 {number % 3}", position=number % 2)

    first = contact_page(Contact.objects.all(), cursors={}, size=20)
    second = contact_page(Contact.objects.all(), cursors={"after": first.next}, size=20)

    shown = [contact.pk for contact in (*first.items, *second.items)]
    assert len(shown) == len(set(shown)) == 25
    assert second.next == ""


def test_ticked_contacts_are_moved_and_deleted_with_a_record_each(organization, actor):
    group = ContactGroupFactory(organization=organization, name="客户")
    two = [ContactFactory(organization=organization, name=name) for name in ("甲", "乙")]
    stays = ContactFactory(organization=organization, group=group, name="丙")

    moved = move_contacts(contacts=[*two, stays], group=group, actor=actor)
    deleted = delete_contacts(contacts=two, actor=actor)

    assert (moved, deleted) == (2, 2)
    assert list(group.contacts.all()) == [stays]
    assert [action for action, _name in acts()] == ["contact.moved"] * 2 + ["contact.deleted"] * 2


def test_a_group_is_deleted_and_its_contacts_stay_in_no_group(organization, actor):
    contact = ContactFactory(group=ContactGroupFactory(organization=organization))

    freed = delete_group(group=contact.group, actor=actor)

    contact.refresh_from_db()
    assert (freed, contact.group) == (1, None)
    assert not ContactGroup.objects.exists()


def test_two_groups_cannot_have_the_same_name(organization, actor):
    create_group(organization=organization, name="客户", actor=actor)
    other = create_group(organization=organization, name="供应商", actor=actor)

    with pytest.raises(GroupNameTaken):
        create_group(organization=organization, name="客户", actor=actor)
    with pytest.raises(GroupNameTaken):
        rename_group(group=other, name="客户", actor=actor)

    assert names(groups_of(organization.pk)) == ["客户", "供应商"]


def test_more_groups_than_a_page_can_show_are_refused(organization, actor):
    ContactGroup.objects.bulk_create(
        ContactGroup(organization=organization, name=str(n)) for n in range(MAX_GROUPS)
    )

    with pytest.raises(TooManyGroups):
        create_group(organization=organization, name="客户", actor=actor)


def test_a_group_changes_places_with_its_neighbour_and_stops_at_the_ends(organization, actor):
    one, two, _three = (
        create_group(organization=organization, name=n, actor=actor) for n in "甲乙丙"
    )

    shift_group(group=one, up=False, actor=actor)
    shift_group(group=two, up=True, actor=actor)

    assert names(groups_of(organization.pk)) == ["乙", "甲", "丙"]
    assert acts()[3:] == [("contact_group.ordered", "甲")]


@pytest.mark.django_db(transaction=True)
def test_one_of_two_who_create_the_same_group_at_once_is_told(organization, actor):
    def create():
        create_group(organization=organization, name="客户", actor=actor)

    results = at_once(create, create, refusals=GroupNameTaken)

    assert sorted(type(result).__name__ for result in results) == ["GroupNameTaken", "NoneType"]
    assert names(groups_of(organization.pk)) == ["客户"]
