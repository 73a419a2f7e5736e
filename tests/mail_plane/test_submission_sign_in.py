"""Signing in to send."""

import smtplib

import pytest

from accounts.choices import AccountStatus
from security.choices import IpAction
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.factories.security import default_rule
from tests.mail_plane.letters import colleague_of, encrypt, meaning
from tests.mail_server.conftest import send


def test_the_incoming_port_offers_no_sign_in(smtp):
    assert not smtp().has_extn("auth")


def test_a_wrong_password_is_refused(smtp):
    account = AccountFactory()

    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        smtp(account, "wrong")

    assert refusal.value.smtp_code == 535


@pytest.mark.parametrize(
    "fields", [{"status": AccountStatus.DISABLED}, {"mailbox__smtp_enabled": False}]
)
def test_a_sign_in_that_the_console_denies_is_refused(smtp, fields):
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(AccountFactory(**fields))


@pytest.mark.parametrize("method", ["plain", "login"])
def test_both_ways_to_sign_in_work(plane, transactional_db, method):
    account = AccountFactory()
    with smtplib.SMTP("127.0.0.1", plane.ports["submission"]) as session:
        encrypt(session)
        session.user, session.password = account.address, PASSWORD

        answer = session.auth(method.upper(), getattr(session, f"auth_{method}"))

    assert answer[0] == 235


def test_who_is_disabled_while_signed_in_sends_nothing_more(smtp):
    account = AccountFactory()
    session = smtp(account)
    before = send(session, account.address, account.address)
    account.status = AccountStatus.DISABLED
    account.save(update_fields=["status"])

    after = send(session, account.address, colleague_of(account).address)

    assert before[0][0] == 250
    assert meaning(after[0]) == (530, "5.7.0 Authentication required")


def test_a_network_that_is_refused_while_signed_in_sends_nothing_more(smtp):
    account = AccountFactory()
    session = smtp(account)
    default_rule(account.organization, "127.0.0.1", IpAction.DENY)

    answers = send(session, account.address, account.address)

    assert meaning(answers[0]) == (530, "5.7.0 Authentication required")
