"""Resetting the password of another account."""

import pytest
from django.urls import reverse

from accounts.models import Account
from accounts.presets import HELPDESK
from tests.factories.accounts import PASSWORD, grant

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MADE_UP = {"password_mode": "generated"}
TYPED = {"password_mode": "given", "password": "Stille-Wasser-7"}


def url(account):
    return reverse("accounts:account-password", args=[account.pk])


@pytest.fixture
def member(company):
    return company.account(company.sales, name="张伟")


@pytest.fixture
def helpdesk(client, company):
    account = company.account(company.root)
    grant(account, HELPDESK, company.root)
    client.force_login(account)
    return client


def test_a_password_made_up_is_shown_once_and_must_be_changed(helpdesk, member):
    response = helpdesk.post(url(member), MADE_UP, headers=HTMX)

    member.refresh_from_db()
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert member.check_password(password)
    assert member.must_change_password
    assert password not in helpdesk.get(url(member)).content.decode()
    assert password not in str(dict(helpdesk.session))


def test_a_typed_password_closes_the_dialog(helpdesk, member):
    response = helpdesk.post(url(member), TYPED | {"must_change_password": ""}, headers=HTMX)

    member.refresh_from_db()
    assert response.status_code == 204
    assert "dialog:close" in response["HX-Trigger"]
    assert member.check_password("Stille-Wasser-7")
    assert not member.must_change_password


def test_without_scripts_the_account_follows(helpdesk, member):
    response = helpdesk.post(url(member), TYPED)

    assert response["Location"] == reverse("accounts:account-detail", args=[member.pk])


def test_a_weak_password_is_refused_at_its_field(helpdesk, member):
    response = helpdesk.post(url(member), TYPED | {"password": "123"}, headers=HTMX)

    assert response.status_code == 422
    assert "password" in response.context["form"].errors
    assert Account.objects.get(pk=member.pk).check_password(PASSWORD)


def test_ones_own_password_is_refused(client, company):
    client.force_login(company.administrator)

    asked = client.get(url(company.administrator), headers=HTMX)
    sent = client.post(url(company.administrator), MADE_UP, headers=HTMX)

    assert "修改登录密码" in asked.content.decode() or "修改密码" in asked.content.decode()
    assert sent.status_code == 422
    company.administrator.refresh_from_db()
    assert company.administrator.check_password(PASSWORD)


def test_the_password_of_a_mightier_account_is_refused(helpdesk, company):
    response = helpdesk.post(url(company.administrator), MADE_UP)

    assert response.status_code == 422
    assert "拥有您没有的权限" in response.content.decode()
    company.administrator.refresh_from_db()
    assert company.administrator.check_password(PASSWORD)


def test_an_account_outside_the_scope_is_not_there(client, company):
    stranger = company.account(company.research)
    client.force_login(company.sales_administrator)

    assert client.post(url(stranger), MADE_UP).status_code == 404


def test_whoever_is_signed_in_is_signed_out_by_it(helpdesk, member):
    theirs = type(helpdesk)()
    theirs.force_login(member)
    assert theirs.get(reverse("password-change")).status_code == 200

    helpdesk.post(url(member), MADE_UP)

    assert theirs.get(reverse("password-change")).status_code == 302
