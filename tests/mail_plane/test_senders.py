"""Who may send, and as whom."""

import re
import smtplib

from mail_server.stores import mail_store
from tests.factories.accounts import AccountFactory, alias
from tests.mail_plane.letters import OUTSIDER, colleague_of, encrypt, meaning
from tests.mail_server.conftest import send


def test_an_own_address_as_sender_needs_a_sign_in(smtp):
    account = AccountFactory()

    answers = send(smtp(), account.address, account.address)

    assert meaning(answers[0]) == (553, "5.7.1 Sender address belongs here: sign in to use it")


def test_submission_without_a_sign_in_is_refused(plane, transactional_db):
    account = AccountFactory()
    with smtplib.SMTP("127.0.0.1", plane.ports["submission"]) as session:
        encrypt(session)

        answers = send(session, OUTSIDER, account.address)

    assert 530 <= answers[0][0] <= 554


def test_one_sends_as_oneself_and_ones_aliases_only(smtp):
    account = AccountFactory()
    other = colleague_of(account)
    own = alias(account, f"boss@{account.domain.name}")
    session = smtp(account)

    codes = [
        send(session, sender, other.address)[0][0]
        for sender in (own.address, other.address, "somebody@elsewhere.example")
    ]

    assert codes == [250, 553, 553]


def test_who_may_not_send_is_refused(smtp):
    account = AccountFactory(mailbox__send_scope="none")

    answers = send(smtp(account), account.address, account.address)

    assert meaning(answers[0]) == (550, "5.7.1 This account may not send mail")


def test_who_sends_inside_only_reaches_no_one_else(smtp, subjects):
    account = AccountFactory(mailbox__send_scope="internal")
    colleague, foreign = colleague_of(account), AccountFactory()

    answers = send(
        smtp(account), account.address, colleague.address, foreign.address, "x@outside.example"
    )

    assert [code for code, _ in answers] == [250, 550, 550]
    assert subjects(colleague) == ["Greetings"]


def test_submission_adds_the_missing_date_and_message_id(smtp, subjects):
    account = AccountFactory()
    session = smtp(account)
    session.sendmail(account.address, [account.address], b"Subject: bare\r\n\r\nHello\r\n")

    assert subjects(account) == ["bare"]
    envelope = mail_store().listing(account.mailbox.store_path, "INBOX")[0]
    content = mail_store().read(account.mailbox.store_path, "INBOX", envelope.key)

    assert b"\nDate: " in content
    assert b"\nmessage-id: <" in content.lower()
    assert re.search(rb"with ESMTPS?A", content)
