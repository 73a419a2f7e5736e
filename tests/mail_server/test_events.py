"""Message events: what the servers tell, for whom it is written down, what is counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from mail_server.choices import EventKind
from mail_server.models import DailyVolume, MessageEvent
from mail_server.services.events import Event, record_events
from mail_server.services.partitions import make_partitions
from tests.factories.accounts import AccountFactory, alias

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 4, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 11, 25)


def event(kind, recipient, **values):
    return Event(at=NOON, kind=kind, recipient=recipient, queue_id="Q1", size_bytes=100, **values)


def way(*recipients, **values):
    """Accepted from somebody, and delivered to each."""
    received = [event(EventKind.RECEIVED, address, **values) for address in recipients]
    return received + [event(EventKind.DELIVERED, address, **values) for address in recipients]


def rows(**condition):
    found = MessageEvent.objects.filter(**condition).order_by("kind", "recipient")
    return list(found.values_list("kind", "direction", "recipient"))


def volumes(organization):
    found = DailyVolume.objects.filter(organization_id=organization.pk).order_by("account")
    return {
        v.account_id: (v.day, v.sent, v.sent_bytes, v.received, v.received_bytes) for v in found
    }


def test_a_message_to_two_colleagues_is_sent_once_and_received_twice():
    sender = AccountFactory()
    first, second = (
        AccountFactory(organization=sender.organization, domain=sender.domain) for _ in range(2)
    )

    new = record_events(way(first.address, second.address, login=sender.address))

    assert new == 3
    assert rows(organization_id=sender.organization_id) == [
        ("delivered", "inside", first.address),
        ("delivered", "inside", second.address),
        ("received", "inside", ""),
    ]
    assert volumes(sender.organization) == {
        sender.pk: (DAY, 1, 100, 0, 0),
        first.pk: (DAY, 0, 0, 1, 100),
        second.pk: (DAY, 0, 0, 1, 100),
        None: (DAY, 1, 100, 2, 200),
    }


def test_what_is_told_again_is_neither_written_nor_counted_again():
    account = AccountFactory()
    record_events(way(account.address))
    before = volumes(account.organization)

    new = record_events(way(account.address))

    assert new == 0
    assert (
        volumes(account.organization)
        == before
        == {
            account.pk: (DAY, 0, 0, 1, 100),
            None: (DAY, 0, 0, 1, 100),
        }
    )


def test_mail_between_two_organizations_is_written_for_each():
    sender, recipient = AccountFactory(), AccountFactory()

    record_events(way(recipient.address, account_id=sender.pk))

    assert rows(organization_id=sender.organization_id) == [
        ("delivered", "out", recipient.address),
        ("received", "out", ""),
    ]
    assert rows(organization_id=recipient.organization_id) == [
        ("delivered", "in", recipient.address),
        ("received", "in", ""),
    ]
    assert volumes(sender.organization)[None] == (DAY, 1, 100, 0, 0)
    assert volumes(recipient.organization)[None] == (DAY, 0, 0, 1, 100)


def test_an_unknown_address_of_an_own_domain_is_the_affair_of_its_organization():
    account = AccountFactory()

    record_events([event(EventKind.REFUSED, f"nobody@{account.domain.name}")])
    record_events([event(EventKind.REFUSED, "x@elsewhere.example")])

    assert rows(organization_id=account.organization_id) == [
        ("refused", "in", f"nobody@{account.domain.name}")
    ]
    assert rows(organization_id=None) == [("refused", "in", "x@elsewhere.example")]


def test_mail_to_an_alias_belongs_to_its_account_whatever_the_case():
    account = AccountFactory()
    other = alias(account, f"boss@{account.domain.name}")

    record_events([event(EventKind.REFUSED, other.address.upper())])

    assert MessageEvent.objects.get().recipient_account == account


def test_texts_that_no_column_takes_are_cut_and_cleaned():
    account = AccountFactory()

    record_events(
        [
            event(
                EventKind.DELIVERED,
                account.address,
                subject="a\x00b\ud800" + "x" * 2000,
                dsn="2" * 40,
            )
        ]
    )

    kept = MessageEvent.objects.get()
    assert kept.subject == ("ab?" + "x" * 2000)[:998]
    assert kept.dsn == "2" * 16


def partition_of(row):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM mail_server_messageevent WHERE id = %s", [row.pk]
        )
        return cursor.fetchone()[0]


def test_what_came_before_its_month_was_made_moves_there():
    account = AccountFactory()
    later = NOON + timedelta(days=1000)
    record_events([Event(at=later, kind=EventKind.DELIVERED, recipient=account.address)])
    row = MessageEvent.objects.get()
    assert partition_of(row) == "mail_server_messageevent_other"

    with time_machine.travel(later, tick=False):
        made = make_partitions()
        again = make_partitions()

    assert f"mail_server_messageevent_{later:%Y_%m}" in made
    assert again == []
    assert partition_of(row) == f"mail_server_messageevent_{later:%Y_%m}"


def test_this_month_and_the_next_have_partitions_once_the_service_has_run():
    make_partitions()
    account = AccountFactory()

    record_events([event(EventKind.DELIVERED, account.address)])

    assert make_partitions() == []
