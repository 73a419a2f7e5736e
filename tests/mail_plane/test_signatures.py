"""Mail of members is signed with the key of their domain, and proves itself to others."""

import pytest

from security.services.dkim import activate_dkim_key, make_dkim_key
from tests.factories.accounts import AccountFactory, system_operator
from tests.mail_plane.dkim import proves, signature
from tests.mail_plane.letters import OUTSIDER, from_outside, hand_in, real_only
from tests.mail_server.conftest import letter


def published(zone, key):
    zone.publish_text(key.record_name, key.public_record)
    return key


@pytest.fixture
def signing_account(zone, sink, settings, transactional_db):
    settings.SMART_HOST = sink.address
    account = AccountFactory()
    actor = system_operator()
    key = published(zone, make_dkim_key(domain=account.domain, actor=actor))
    activate_dkim_key(key=key, actor=actor)
    return account


def sent(plane, sink, session, account, **headers):
    """What arrives outside of a letter of the account's."""
    sink.received.clear()
    message = letter(**({"sender": account.address, "to": OUTSIDER} | headers))
    assert hand_in(session, account.address, OUTSIDER, message)[0] == 250
    plane.settle()
    return sink.received[-1][2]


def test_mail_of_a_member_is_signed_with_the_key_of_the_domain(
    plane, zone, sink, smtp, signing_account
):
    content = sent(plane, sink, smtp(signing_account), signing_account)

    assert signature(content)["d"] == signing_account.domain.name
    assert proves(zone, content)
    assert not proves(zone, content.replace(b"Hello", b"Hullo"))
    assert not proves(zone, content.replace(b"Greetings", b"Great things"))


def test_a_new_key_signs_from_the_next_message_on(plane, zone, sink, smtp, signing_account):
    session = smtp(signing_account)
    sent(plane, sink, session, signing_account)
    key = make_dkim_key(domain=signing_account.domain, actor=system_operator())
    before = sent(plane, sink, session, signing_account)
    activate_dkim_key(key=published(zone, key), actor=system_operator())

    after = sent(plane, sink, session, signing_account)

    assert signature(before)["s"] != key.selector
    assert signature(after)["s"] == key.selector
    assert proves(zone, after)


def test_mail_of_a_domain_without_a_key_goes_unsigned(plane, sink, smtp, signing_account):
    other = AccountFactory()

    content = sent(plane, sink, smtp(other), other)

    assert b"DKIM-Signature" not in content


def test_nobody_signs_for_the_domain_of_another(plane, sink, smtp, signing_account):
    other = AccountFactory()

    content = sent(plane, sink, smtp(other), other, sender=signing_account.address)

    assert b"DKIM-Signature" not in content


@pytest.mark.parametrize(
    "letters",
    [
        {"body": ""},
        {"body": "\n\n  two  blanks \n\t\n\n"},
        {"subject": "测试" * 40, "to": ", ".join([OUTSIDER] * 9)},
        {"body": "正文\n.\n..\n", "Reply_To": OUTSIDER, "Cc": OUTSIDER},
    ],
)
def test_whatever_is_written_the_signature_holds(plane, zone, sink, smtp, signing_account, letters):
    content = sent(plane, sink, smtp(signing_account), signing_account, **letters)

    assert proves(zone, content)


def test_nobody_adds_a_second_subject_to_what_is_signed(plane, zone, sink, smtp, signing_account):
    content = sent(plane, sink, smtp(signing_account), signing_account)

    assert not proves(zone, content.replace(b"\r\nSubject: ", b"\r\nSubject: Bait\r\nSubject: "))
    assert not proves(zone, b"From: else@x.example\r\n" + content)


@real_only
def test_a_signed_message_passes_where_forgeries_of_its_domain_are_refused(
    plane, zone, sink, smtp, signing_account, subjects
):
    zone.publish_text(f"_dmarc.{signing_account.domain.name}", "v=DMARC1; p=reject")
    recipient = AccountFactory()
    content = sent(plane, sink, smtp(signing_account), signing_account, subject="Signed")
    outside = from_outside(smtp())
    outside.mail(OUTSIDER)
    outside.rcpt(recipient.address)

    answer = outside.data(content)

    assert answer[0] == 250
    assert subjects(recipient) == ["Signed"]
