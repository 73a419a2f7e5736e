"""What the status dialog of the console says must happen in SMTP, at once."""

import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from tests.factories.accounts import AccountFactory, grant
from tests.mail_server.conftest import letter, send, subjects

OUTSIDER = "friend@elsewhere.example"


@pytest.fixture
def account(transactional_db) -> Account:
    return AccountFactory()


@pytest.fixture
def change_status(client, account):
    administrator = AccountFactory(organization=account.organization, domain=account.domain)
    grant(administrator, FULL_ADMINISTRATOR)
    client.force_login(administrator)

    def change(**data) -> None:
        data = {"ids": str(account.pk), **data}
        assert client.post("/console/accounts/status/", data).status_code == 302

    return change


def test_a_disabled_account_neither_sends_nor_receives_until_it_is_enabled(
    smtp, account, change_status
):
    change_status(status="disabled")
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        smtp(account)
    answers = send(smtp(), OUTSIDER, account.address)
    change_status(status="active")

    assert refused.value.smtp_code == 535
    assert answers == [(550, "5.2.1 Mailbox disabled")]
    smtp(account)
    assert send(smtp(), OUTSIDER, account.address)[0][0] == 250


def test_a_session_that_is_signed_in_sends_no_more_once_the_account_is_disabled(
    smtp, account, change_status
):
    session = smtp(account)

    change_status(status="disabled")

    code, _text = session.mail(account.address)
    if code == 250:
        code, _text = session.rcpt(account.address)
    assert code >= 500


def test_a_frozen_account_cannot_sign_in_but_receives(smtp, account, change_status):
    last_day = timezone.localdate() + timedelta(days=3)

    change_status(status="frozen", frozen_until=last_day.isoformat())

    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account)
    send(smtp(), OUTSIDER, account.address, message=letter("Kept"))
    assert subjects(account) == ["Kept"]
