"""Whom one is offered while writing."""

import html
from email.utils import getaddresses

import pytest
from django.urls import reverse

from tests.factories.accounts import AccountFactory
from tests.factories.orgs import ContactFactory
from webmail.address_books import Person, find_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return AccountFactory(name="沈知行")


def colleague(member, name):
    return AccountFactory(organization=member.organization, domain=member.domain, name=name)


def test_nobody_is_suggested_for_a_blank(member):
    assert find_people(member, "  ") == []


def test_a_name_with_a_comma_stays_one_recipient(client, member):
    smith = colleague(member, "Smith, John")
    client.force_login(member)

    page = client.get(reverse("webmail:people"), {"to": "smith"}).content.decode()

    picked = html.unescape(page.partition('data-pick="')[2].partition('"')[0])
    assert getaddresses([picked]) == [("Smith, John", smith.address)]


def test_shared_contacts_come_with_each_address_and_their_company(member):
    ContactFactory(
        organization=member.organization,
        name="曾伟",
        addresses=["zeng@far.example", "wei@far.example"],
        company="远方",
    )

    found = find_people(member, "zengw")

    assert found == [
        Person("曾伟", "zeng@far.example", "远方"),
        Person("曾伟", "wei@far.example", "远方"),
    ]


def test_shared_contacts_of_other_organizations_are_not_suggested(member):
    ContactFactory(name="曾伟")

    assert find_people(member, "曾伟") == []


def test_who_is_in_two_books_is_suggested_once_as_the_first_one_says(member):
    zeng = colleague(member, "曾伟")
    ContactFactory(organization=member.organization, name="曾先生", addresses=[zeng.address])

    assert find_people(member, "曾") == [Person("曾伟", zeng.address)]
