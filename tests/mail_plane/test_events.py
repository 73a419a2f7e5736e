"""What the table of events says of mail that came through either plane."""

import pytest

from mail_server.models import DailyVolume, MessageEvent
from tests.factories.accounts import AccountFactory, alias
from tests.mail_plane.letters import OUTSIDER, colleague_of
from tests.mail_server.conftest import letter, send

pytestmark = pytest.mark.parametrize("plane", ["embedded"], indirect=True)


@pytest.fixture
def events(plane):
    """What was written down, as (kind, recipient), once all mail has been tried."""

    def settled(**condition):
        plane.settle()
        found = MessageEvent.objects.filter(**condition).order_by("at", "id")
        return [(event.kind, event.recipient) for event in found]

    return settled


def event(**condition):
    return MessageEvent.objects.get(**condition)


def test_a_delivery_is_written_down_with_all_that_is_known(smtp, events):
    account = AccountFactory()
    other = colleague_of(account)
    message = letter("Plans", Message_ID="<one@client.example>")

    send(smtp(account), account.address, other.address, message=message)

    assert events() == [("received", ""), ("delivered", other.address)]
    kept = event(kind="delivered")
    assert (kept.sender, kept.login) == (account.address, account.address)
    assert (kept.message_id, kept.direction) == ("<one@client.example>", "inside")
    assert (kept.sender_account, kept.recipient_account) == (account, other)
    assert (kept.client_ip, kept.dsn) == ("127.0.0.1", "2.0.0")
    assert kept.size_bytes > 100
    day = DailyVolume.objects.get(account=other)
    assert (day.sent, day.received, day.received_bytes) == (0, 1, kept.size_bytes)
    assert DailyVolume.objects.get(account=account).sent == 1


def test_a_refusal_at_the_door_is_written_down_with_its_reason(smtp, events):
    account = AccountFactory()
    nobody = f"nobody@{account.domain.name}"

    send(smtp(), OUTSIDER, nobody)

    assert events() == [("refused", nobody)]
    kept = event()
    assert kept.organization_id == account.organization_id
    assert (kept.sender, kept.dsn, kept.client_ip) == (OUTSIDER, "5.1.1", "127.0.0.1")
    assert kept.reason.startswith("550 5.1.1 ")
    assert "No such mailbox here" in kept.reason


@pytest.mark.parametrize(
    ("answer", "kind", "dsn"),
    [
        ("450 4.2.0 Greylisted, come again", "deferred", "4.2.0"),
        ("550 5.7.1 We take none of yours", "refused", "5.7.1"),
    ],
)
def test_what_the_next_server_answers_is_written_down(
    smtp, events, outside, sink, monkeypatch, answer, kind, dsn
):
    account = AccountFactory()
    monkeypatch.setattr(sink, "answer", answer)

    send(smtp(account), account.address, "friend@far.example")

    assert (kind, "friend@far.example") in events()
    kept = event(kind=kind)
    assert answer[:3] in kept.reason
    assert answer[10:] in kept.reason
    assert (kept.dsn, kept.direction) == (dsn, "out")
    assert kept.relay.endswith(sink.address.rpartition(":")[2])


def test_one_who_is_reached_in_another_way_is_shown_with_what_the_sender_wrote(smtp, events):
    account = AccountFactory()
    other = alias(account, f"boss@{account.domain.name}")

    send(smtp(), OUTSIDER, other.address)

    assert ("delivered", account.address) in events()
    assert event(kind="delivered").original_recipient == other.address
