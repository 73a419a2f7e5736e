"""Signing in to send."""

import smtplib

import pytest

from accounts.choices import AccountStatus
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_plane.letters import encrypt


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
