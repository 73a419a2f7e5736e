import pytest
from django.template.loader import get_template

from accounts.presets import AUDITOR, FULL_ADMINISTRATOR
from tests.factories.accounts import AccountFactory, grant, grant_functions

pytestmark = pytest.mark.django_db


def test_a_refusal_names_the_function_the_roles_and_whom_to_ask(client):
    account = AccountFactory()
    administrator = AccountFactory(organization=account.organization, name="陈思远")
    grant(administrator, FULL_ADMINISTRATOR)
    grant_functions(account, "log.view")
    client.force_login(account)

    page = client.get("/console/departments/")

    text = page.content.decode()
    assert page.status_code == 403
    assert "您没有“查看部门”的权限" in text
    assert f"陈思远 &lt;{administrator.address}&gt;" in text
    assert "log.view" in text  # the role's name


def test_a_refusal_names_nobody_of_another_organization(client):
    stranger = AccountFactory(name="Stranger")
    grant(stranger, FULL_ADMINISTRATOR)
    client.force_login(AccountFactory())

    page = client.get("/console/")

    assert page.status_code == 403
    assert "Stranger" not in page.content.decode()


def test_who_has_a_role_keeps_the_frame_on_an_error_page(client):
    account = AccountFactory()
    grant(account, AUDITOR)
    client.force_login(account)

    assert 'class="maintabs"' in client.get("/console/nowhere/").content.decode()


def test_who_has_none_gets_the_error_without_the_frame(client):
    assert 'class="maintabs"' not in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Boosted": "true"}])
def test_a_page_that_is_refused_is_an_error_page(client, headers):
    client.force_login(AccountFactory())

    page = client.get("/console/", headers=headers)

    assert page.status_code == 403
    assert "无操作权限" in page.content.decode()


def test_a_form_without_its_token_tells_what_to_do(client):
    client.handler.enforce_csrf_checks = True

    page = client.post("/login/", {"address": "a", "password": "b"})

    assert page.status_code == 403
    assert "页面打开时间过长" in page.content.decode()


def test_an_error_of_the_server_has_a_page_that_needs_nothing():
    assert "没有完成" in get_template("500.html").render()
