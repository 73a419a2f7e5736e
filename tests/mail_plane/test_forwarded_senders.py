"""What strangers have sent goes on to the outside with a sender of ours, and bounces find back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mail_server import srs
from mailing_lists.choices import SenderRule
from mailing_lists.services.lists import add_members, create_list, set_senders
from tests.factories.accounts import AccountFactory, system_operator
from tests.mail_plane.letters import OUTSIDER, meaning
from tests.mail_server.conftest import letter, send

HOME = "home@private.example"


@pytest.fixture
def forwarding(transactional_db):
    return AccountFactory(mailbox__forwarding_allowed=True, mailbox__forward_to=[HOME])


@pytest.fixture
def sent_on(sink, outside):
    """(envelope sender, recipients, content) of what has left the house."""

    def settled():
        outside()
        return sink.received

    return settled


def test_the_envelope_has_our_sender_and_the_letter_stays_as_it_is(
    smtp, forwarding, sent_on, settings
):
    send(smtp(), OUTSIDER, forwarding.address, message=letter(sender=OUTSIDER, body="As it is"))

    ((sender, recipients, content),) = sent_on()
    assert sender.endswith(f"@{settings.MAIL_SRS_DOMAIN}")
    assert srs.original(sender) == OUTSIDER
    assert recipients == [HOME]
    assert f"From: {OUTSIDER}".encode() in content
    assert b"As it is" in content


def test_what_stays_inside_keeps_its_sender(smtp, forwarding, stored):
    send(smtp(), OUTSIDER, forwarding.address)

    assert stored(forwarding)["Return-Path"] == f"<{OUTSIDER}>"


def test_the_mail_of_a_member_keeps_its_sender(smtp, forwarding, sent_on):
    send(smtp(forwarding), forwarding.address, "x@outside.example")

    assert [sender for sender, _, _ in sent_on()] == [forwarding.address]


def test_mail_by_list_to_outside_members_has_our_sender(smtp, forwarding, sent_on):
    actor = system_operator()
    made = create_list(domain=forwarding.domain, local_part="team", name="Team", actor=actor)
    add_members(mailing_list=made, outside=[HOME], actor=actor)
    set_senders(mailing_list=made, sender_rule=SenderRule.EVERYONE, actor=actor)

    send(smtp(), OUTSIDER, made.address.address)

    assert [srs.original(sender) for sender, _, _ in sent_on()] == [OUTSIDER]


def test_a_bounce_goes_back_to_the_stranger(smtp, forwarding, sent_on):
    answers = send(smtp(), "", srs.rewritten(OUTSIDER))

    assert answers[0][0] == 250
    assert [(sender, recipients) for sender, recipients, _ in sent_on()] == [("<>", [OUTSIDER])]


def test_the_stranger_is_told_when_the_outside_refuses(smtp, forwarding, sink, sent_on):
    sink.refused.add(HOME)
    try:
        send(smtp(), OUTSIDER, forwarding.address)
        told = sent_on()
    finally:
        sink.refused.clear()

    assert [recipients for _, recipients, _ in told] == [[OUTSIDER]]


def test_a_forged_address_for_bounces_is_refused(smtp, transactional_db):
    forged = srs.rewritten("victim@elsewhere.example").replace("victim", "other")

    assert meaning(send(smtp(), "", forged)[0]) == (
        550,
        "5.1.1 This address for bounces is forged, or too old",
    )


def test_an_old_address_for_bounces_is_refused(smtp, transactional_db):
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        old = srs.rewritten(OUTSIDER)

    assert send(smtp(), "", old)[0][0] == 550


def test_an_address_for_bounces_relays_no_letters(smtp, transactional_db):
    answers = send(smtp(), OUTSIDER, srs.rewritten("victim@elsewhere.example"))

    assert meaning(answers[0]) == (550, "5.7.1 This address takes bounces only")
