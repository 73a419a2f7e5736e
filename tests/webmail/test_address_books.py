"""Whom one is offered while writing."""

import html
from email.utils import getaddresses

import pytest
from django.urls import reverse

from tests.factories.accounts import AccountFactory
from webmail.address_books import find_people

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
