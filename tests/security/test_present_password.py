"""Guessing at the password from a session that somebody left open."""

import pytest
from django.urls import reverse

from security.choices import Protocol, SignInResult
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.factories.security import lockout_rule

pytestmark = pytest.mark.django_db

NEW = "Silver-Orchard-7"


@pytest.fixture
def account(client):
    account = AccountFactory()
    lockout_rule(account.organization)
    client.force_login(account)
    return account


def change(client, old):
    data = {"old_password": old, "new_password": NEW, "repeated": NEW}
    return client.post(reverse("password-change"), data)


def test_a_wrong_present_password_is_told_at_its_field(client, account):
    response = change(client, "wrong")

    assert response.status_code == 422
    assert response.context["form"].errors["old_password"] == ["当前密码不正确。"]


def test_guesses_are_counted_with_those_at_the_sign_in_and_then_none_is_answered(client, account):
    for _n in range(3):
        change(client, "wrong")

    refused = change(client, PASSWORD)

    assert "错误次数过多" in refused.content.decode()
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    outcome = sign_in(
        address=account.address, password=PASSWORD, protocol=Protocol.SMTP, ip="192.0.2.9"
    )
    assert outcome.result == SignInResult.LOCKED


def test_the_right_one_forgets_the_wrong_ones(client, account):
    for _n in range(2):
        change(client, "wrong")
    change(client, PASSWORD)

    account.refresh_from_db()
    assert account.check_password(NEW)
    for _n in range(2):
        outcome = sign_in(
            address=account.address, password="wrong", protocol=Protocol.SMTP, ip="192.0.2.9"
        )
        assert outcome.result == SignInResult.WRONG_PASSWORD
