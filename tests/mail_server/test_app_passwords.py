"""What mail clients find, in real SMTP sessions."""

import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from security.models import PasswordRule
from security.services.app_passwords import create_app_password
from tests.factories.accounts import PASSWORD, AccountFactory, system_operator
from tests.factories.security import second_factor


def app_password(account, *protocols):
    made = create_app_password(
        account=account,
        password=PASSWORD,
        name="Phone",
        protocols=protocols,
        actor=system_operator(account.organization),
    )
    return made.password


def test_with_a_second_factor_only_an_app_password_for_smtp_submits_mail(smtp):
    account = AccountFactory()
    second_factor(account)

    for refused in (PASSWORD, app_password(account, "imap")):
        with pytest.raises(smtplib.SMTPAuthenticationError) as answer:
            smtp(account, refused)
        assert answer.value.smtp_code == 535
    account.app_passwords.all().delete()
    session = smtp(account, app_password(account, "smtp"))

    assert session.mail(account.address)[0] == 250


def test_a_client_with_an_expired_password_is_refused_where_the_organization_wants_it(smtp):
    account = AccountFactory(password_changed_at=timezone.now() - timedelta(days=91))
    rule = PasswordRule.objects.create(
        organization=account.organization, expiry_days=90, expire_clients=True
    )

    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account)
    rule.expire_clients = False
    rule.save()

    assert smtp(account).mail(account.address)[0] == 250
