"""What the table of events says of mail that came through either plane."""

import pytest

from mail_server.models import DailyVolume, MessageEvent
from tests.factories.accounts import AccountFactory, alias
from tests.mail_plane.letters import OUTSIDER, colleague_of, dated, hand_in, real_only
from tests.mail_plane.scanner import EICAR
from tests.mail_server.conftest import letter, send
from tests.processes import wait_until


def event(**condition):
    return MessageEvent.objects.get(**condition)


def test_a_delivery_is_written_down_with_all_that_is_known(smtp, happened):
    account = AccountFactory()
    other = colleague_of(account)
    message = letter("Plans", Message_ID="<one@client.example>")

    send(smtp(account), account.address, other.address, message=message)

    assert happened(("delivered", other.address)) == [
        ("received", ""),
        ("delivered", other.address),
    ]
    kept = event(kind="delivered")
    assert (kept.sender, kept.login) == (account.address, account.address)
    assert (kept.message_id, kept.direction) == ("<one@client.example>", "inside")
    assert (kept.sender_account, kept.recipient_account) == (account, other)
    assert (kept.client_ip, kept.dsn) == ("127.0.0.1", "2.0.0")
    assert kept.size_bytes > 100
    day = DailyVolume.objects.get(account=other)
    assert (day.sent, day.received, day.received_bytes) == (0, 1, kept.size_bytes)
    assert DailyVolume.objects.get(account=account).sent == 1


def test_a_refusal_at_the_door_is_written_down_with_its_reason(smtp, happened):
    account = AccountFactory()
    nobody = f"nobody@{account.domain.name}"

    send(smtp(), OUTSIDER, nobody)

    assert happened(("refused", nobody)) == [("refused", nobody)]
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
    smtp, happened, outside, sink, monkeypatch, answer, kind, dsn
):
    account = AccountFactory()
    monkeypatch.setattr(sink, "answer", answer)

    send(smtp(account), account.address, "friend@far.example")

    happened((kind, "friend@far.example"))
    kept = event(kind=kind)
    assert answer[:3] in kept.reason
    assert answer[10:] in kept.reason
    assert (kept.dsn, kept.direction) == (dsn, "out")
    assert kept.relay.endswith(sink.address.rpartition(":")[2])


def test_one_who_is_reached_in_another_way_is_shown_with_what_the_sender_wrote(smtp, happened):
    account = AccountFactory()
    other = alias(account, f"boss@{account.domain.name}")

    send(smtp(), OUTSIDER, other.address)

    happened(("delivered", account.address))
    assert event(kind="delivered").original_recipient == other.address


def test_who_is_reached_by_a_member_is_shown_with_what_the_member_wrote(smtp, happened):
    account = AccountFactory()
    other = alias(colleague_of(account), f"boss@{account.domain.name}")

    send(smtp(account), account.address, other.address)

    happened(("delivered", other.account.address))
    assert event(kind="delivered").original_recipient == other.address


def test_what_is_sent_on_is_told_with_the_stranger_as_sender(smtp, happened, outside):
    home = "home@private.example"
    account = AccountFactory(mailbox__forwarding_allowed=True, mailbox__forward_to=[home])

    send(smtp(), OUTSIDER, account.address)

    happened(("delivered", home))
    assert event(kind="delivered", recipient=home).sender == OUTSIDER


@real_only
def test_what_rspamd_found_and_the_subject_join_by_the_queue_id(smtp, happened, read_log):
    account = AccountFactory()

    send(smtp(), OUTSIDER, account.address, message=dated(letter("你好")))
    happened(("delivered", account.address))
    wait_until(lambda: read_log() or MessageEvent.objects.filter(kind="filtered").exists())

    kept = event(kind="filtered")
    assert (kept.organization_id, kept.recipient) == (account.organization_id, "")
    assert "(" in kept.reason
    assert set(MessageEvent.objects.values_list("subject", flat=True)) == {"你好"}


@real_only
def test_a_virus_is_a_refusal_with_its_name(smtp, happened):
    account = AccountFactory()

    answer = hand_in(smtp(), OUTSIDER, account.address, letter(body=EICAR))

    assert answer[0] == 554
    happened(("refused", account.address))
    assert "virus" in event(kind="refused").reason
