"""How much a mailbox takes."""

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, colleague_of, meaning
from tests.mail_server.conftest import letter, send


def test_a_mailbox_that_has_become_full_is_refused(smtp, subjects):
    account = AccountFactory(mailbox__quota_bytes=10_000)
    send(smtp(), OUTSIDER, account.address, message=letter(body=f"{'x' * 70}\n" * 100))
    assert len(subjects(account)) == 1

    session = smtp()
    session.mail(OUTSIDER, ["SIZE=5000"])

    assert meaning(session.rcpt(account.address)) == (552, "5.2.2 Mailbox is full")


def test_a_declared_size_beyond_the_room_left_is_refused_at_once(smtp):
    account = AccountFactory(mailbox__quota_bytes=10_000)
    session = smtp()

    session.mail(OUTSIDER, ["SIZE=20000"])

    assert session.rcpt(account.address)[0] == 552


def test_an_undeclared_size_beyond_the_room_left_bounces_to_the_sender(smtp, subjects):
    sender = AccountFactory()
    account = colleague_of(sender, mailbox__quota_bytes=2000)

    big = letter(sender=sender.address, body="x\n" * 3000)
    send(smtp(sender), sender.address, account.address, message=big)

    assert subjects(account) == []
    assert len(subjects(sender)) == 1
