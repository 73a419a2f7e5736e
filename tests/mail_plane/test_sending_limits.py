"""How many recipients a member reaches, on both planes alike."""

from datetime import timedelta

import pytest
from django.db.models import F

from mail_server.models import SentRecipients
from security.models import SendingLimit
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, colleague_of, meaning
from tests.mail_server.conftest import send

REACHED = (550, "5.7.1 This account has reached its sending limit, try later")


@pytest.fixture
def member(transactional_db):
    return AccountFactory()


def limit(member, **recipients):
    SendingLimit.objects.create(organization=member.organization, **recipients)


def codes(answers):
    return [code for code, _ in answers]


@pytest.mark.parametrize("recipients", [{"hourly": 2}, {"daily": 2}, {"hourly": 9, "daily": 2}])
def test_recipients_beyond_the_limit_are_refused(smtp, member, recipients):
    limit(member, **recipients)
    others = [colleague_of(member).address for _ in range(3)]

    first = send(smtp(member), member.address, *others)
    second = send(smtp(member), member.address, others[0])

    assert codes(first) == [250, 250, 550]
    assert [meaning(answer) for answer in (first[2], second[0])] == [REACHED, REACHED]


def test_who_is_refused_anyway_does_not_count(smtp, member):
    limit(member, hourly=1)

    nobody = send(smtp(member), member.address, f"nobody@{member.domain.name}")
    known = send(smtp(member), member.address, member.address)

    assert codes(nobody + known) == [550, 250]


def test_each_account_has_its_own_count_and_the_outside_none(smtp, member):
    limit(member, hourly=1)
    other = colleague_of(member)
    send(smtp(member), member.address, other.address)

    of_other = send(smtp(other), other.address, member.address)
    incoming = [send(smtp(), OUTSIDER, member.address)[0] for _ in range(2)]

    assert codes(of_other + incoming) == [250, 250, 250]


@pytest.mark.parametrize(("hours", "code"), [(1, 250), (23, 250), (24, 250)])
def test_a_new_hour_begins_with_none(smtp, member, hours, code):
    limit(member, hourly=1)
    send(smtp(member), member.address, member.address)
    SentRecipients.objects.update(hour=F("hour") - timedelta(hours=hours))

    assert codes(send(smtp(member), member.address, member.address)) == [code]


@pytest.mark.parametrize(("hours", "code"), [(1, 550), (22, 550), (24, 250)])
def test_a_day_is_the_last_24_hours(smtp, member, hours, code):
    limit(member, daily=1)
    send(smtp(member), member.address, member.address)
    SentRecipients.objects.update(hour=F("hour") - timedelta(hours=hours))

    assert codes(send(smtp(member), member.address, member.address)) == [code]
