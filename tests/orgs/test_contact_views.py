"""The pages of the shared contacts."""

import html
import re

import pytest
from django.urls import reverse

from accounts.presets import AUDITOR
from admin_platform.name_pinyin import name_pinyin
from orgs.models import Contact, ContactGroup
from tests.factories.orgs import ContactFactory, ContactGroupFactory, OrganizationFactory
from tests.orgs.tree import member_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIST = "/console/contacts/"


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture(autouse=True)
def administrator(client, organization):
    account = member_of(organization)
    client.force_login(account)
    return account


def url(name, *args):
    return reverse(f"contacts:{name}", args=args)


def shown_names(page):
    return re.findall(r'class="who"[^>]*>([^<]+)<', page.content.decode())


def many(organization, number):
    contacts = [
        Contact(organization=organization, name=f"联系人{n}", addresses=[f"c{n}@far.example"])
        for n in range(number)
    ]
    for contact in contacts:
        contact.index()
    Contact.objects.bulk_create(contacts)


def test_a_list_shows_one_group_or_all_or_those_in_none(client, organization):
    group = ContactGroupFactory(organization=organization)
    ContactFactory(group=group, name="甲")
    ContactFactory(organization=organization, name="乙")

    assert sorted(shown_names(client.get(LIST))) == ["乙", "甲"]
    assert shown_names(client.get(LIST, {"group": group.pk})) == ["甲"]
    assert shown_names(client.get(LIST, {"group": "none"})) == ["乙"]


def test_a_search_answers_with_the_rows_alone(client, organization):
    ContactFactory(organization=organization, name="曾伟")
    ContactFactory(organization=organization, name="李雷")

    part = client.get(LIST, {"q": "zengw"}, headers=HTMX | {"HX-Target": "rows"})

    assert shown_names(part) == ["曾伟"]
    assert b"<html" not in part.content


@pytest.mark.parametrize("group", ["0", "x", "9" * 30, "-1"])
def test_a_group_that_is_gone_is_not_found(group, client):
    assert client.get(LIST, {"group": group}).status_code == 404


def test_contacts_and_groups_of_others_are_not_there(client):
    contact = ContactFactory(group=ContactGroupFactory(name="别家"), name="外人")

    assert "外人" not in client.get(LIST).content.decode()
    assert "别家" not in client.get(LIST).content.decode()
    assert client.get(LIST, {"group": contact.group_id}).status_code == 404
    assert client.post(url("contact-edit", contact.pk), {"name": "我"}).status_code == 404
    client.post(url("contact-delete"), {"id": [contact.pk], "sure": "1"})
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_contact_is_not_put_into_a_group_of_others(client, organization):
    contact, foreign = ContactFactory(organization=organization), ContactGroupFactory()

    answer = client.post(url("contact-move"), {"id": [contact.pk], "group": foreign.pk})

    assert answer.status_code == 422
    assert "分组" in answer.content.decode()


def test_the_list_takes_as_many_queries_for_ten_as_for_a_thousand(
    client, organization, django_assert_num_queries
):
    group = ContactGroupFactory(organization=organization)
    many(organization, 10)
    Contact.objects.update(group=group)
    client.get(LIST)
    with django_assert_num_queries(9) as few:
        client.get(LIST)
    many(organization, 990)

    with django_assert_num_queries(len(few)):
        page = client.get(LIST, {"size": 100})

    assert len(shown_names(page)) == 100
    assert "1,000" in page.content.decode()


def test_what_was_typed_stays_and_the_wrong_entries_are_told(client, organization):
    sent = {"name": "曾伟", "addresses": "zeng@far.example\nno address", "position": "100"}

    answer = client.post(url("contact-create"), sent)

    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "zeng@far.example" in text
    assert "no：" in text
    assert not Contact.objects.exists()


def test_a_contact_is_created_in_the_group_that_is_looked_at(client, organization):
    group = ContactGroupFactory(organization=organization)
    form = client.get(url("contact-create"), {"group": group.pk}).content.decode()
    assert f'value="{group.pk}" selected' in form
    sent = {"name": " 曾  伟 ", "addresses": "zeng@far.example", "position": "7", "group": group.pk}

    client.post(url("contact-create"), sent)

    contact = group.contacts.get()
    assert (contact.name, contact.position) == ("曾 伟", 7)
    assert contact.pinyin == name_pinyin("曾 伟")


def test_editing_begins_with_what_there_is(client, organization):
    contact = ContactFactory(organization=organization, name="曾伟", addresses=["a@b.example"])

    form = client.get(url("contact-edit", contact.pk)).content.decode()

    assert 'value="曾伟"' in form
    assert "a@b.example" in form


def test_the_order_is_edited_in_its_cell(client, organization):
    contact = ContactFactory(organization=organization)

    answer = client.post(url("contact-order", contact.pk), {"position": "5"}, headers=HTMX)

    contact.refresh_from_db()
    assert contact.position == 5
    assert "contacts-changed" in answer["HX-Trigger"]


@pytest.mark.parametrize("typed", ["-1", "x", "1000000"])
def test_an_order_that_is_no_place_stays_in_its_cell_with_the_reason(typed, client, organization):
    contact = ContactFactory(organization=organization)

    answer = client.post(url("contact-order", contact.pk), {"position": typed}, headers=HTMX)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_deleting_nobody_says_to_tick_contacts_first(client):
    page = client.get(url("contact-delete"), follow=True)

    assert "请先勾选联系人" in page.content.decode()


def test_ticked_contacts_are_named_before_they_are_deleted(client, organization):
    contacts = [ContactFactory(organization=organization, name=f"联系人{n}") for n in range(8)]
    ids = {"id": [contact.pk for contact in contacts]}

    dialog = client.get(url("contact-delete"), ids, headers=HTMX).content.decode()
    client.post(url("contact-delete"), ids | {"sure": "1"})

    assert "联系人0" in dialog
    assert dialog.count('name="id"') == 8
    assert not Contact.objects.exists()


def test_a_group_is_renamed_in_place_and_a_taken_name_is_refused_there(client, organization):
    group = ContactGroupFactory(organization=organization, name="客户")
    ContactGroupFactory(organization=organization, name="供应商")

    refused = client.post(url("group-rename", group.pk), {"name": "供应商"}, headers=HTMX)
    client.post(url("group-rename", group.pk), {"name": "老客户"}, headers=HTMX)

    assert (refused.status_code, b"<html" in refused.content) == (422, False)
    assert ContactGroup.objects.filter(name="老客户").exists()


def test_deleting_a_group_says_what_becomes_of_its_contacts(client, organization):
    group = ContactFactory(group=ContactGroupFactory(organization=organization)).group

    dialog = client.get(url("group-delete", group.pk)).content.decode()
    client.post(url("group-delete", group.pk))

    assert "1 位联系人会保留" in dialog
    assert shown_names(client.get(LIST, {"group": "none"})) != []


def test_who_may_only_view_is_offered_no_change(client, organization):
    client.force_login(member_of(organization, AUDITOR))
    contact = ContactFactory(organization=organization, name="曾伟")

    page = client.get(LIST)

    assert shown_names(page) == ["曾伟"]
    assert url("contact-edit", contact.pk) not in page.content.decode()
    assert client.get(url("contact-edit", contact.pk)).status_code == 403
