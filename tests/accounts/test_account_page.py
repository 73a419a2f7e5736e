"""The page of an account."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.presets import AUDITOR, HELPDESK
from accounts.selectors.operators import operator_of
from accounts.services.accounts import Person, change_account
from tests.factories.accounts import alias, grant
from tests.factories.security import locked

pytestmark = pytest.mark.django_db


def page_of(client, account, **query):
    return client.get(reverse("accounts:account-detail", args=[account.pk]), query)


def rename(account, name, actor):
    change_account(account=account, person=Person(name=name), actor=actor)


@pytest.fixture
def member(company):
    return company.account(company.sales, name="张伟", local_part="wei.zhang")


@pytest.fixture
def as_preset(client, company):
    def sign_in(preset, department):
        account = company.account(company.root)
        grant(account, preset, department)
        client.force_login(account)
        return operator_of(account)

    return sign_in


def test_the_page_tells_person_departments_addresses_and_mailbox(client, company, member):
    alias(member, "zw@yunqi.example")
    client.force_login(company.administrator)

    page = page_of(client, member).content.decode()

    for expected in ("张伟", "wei.zhang@yunqi.example", "zw@yunqi.example", "销售中心", "10 GB"):
        assert expected in page


def test_an_account_outside_the_scope_is_not_there(client, company):
    stranger = company.account(company.research)
    client.force_login(company.sales_administrator)

    assert page_of(client, stranger).status_code == 404


def test_what_changed_is_told_with_who_did_it(client, company, member):
    rename(member, "张维", company.of_sales)
    client.force_login(company.administrator)

    page = page_of(client, member).content.decode()

    assert company.sales_administrator.name in page
    assert "张伟 → 张维" in " ".join(page.split())


def test_changes_made_while_in_another_department_are_not_told(client, company):
    account = company.account(company.research)
    rename(account, "Secret before", company.full)
    account.memberships.update(department=company.sales)
    rename(account, "Known since", company.full)
    client.force_login(company.sales_administrator)

    response = page_of(client, account)

    assert len(response.context["history"]) == 1


def test_an_auditor_sees_the_history_and_the_helpdesk_does_not(client, company, member, as_preset):
    rename(member, "张维", company.full)

    as_preset(AUDITOR, company.root)
    assert len(page_of(client, member).context["history"]) == 1

    as_preset(HELPDESK, company.root)
    response = page_of(client, member)
    assert response.context["page"] is None
    assert response.context["may"].password
    assert not response.context["may"].change


def test_a_long_history_comes_in_pages_with_the_same_queries(client, company, member):
    client.force_login(company.administrator)
    rename(member, "0", company.full)
    with CaptureQueriesContext(connection) as few:
        page_of(client, member)
    for number in range(1, 30):
        rename(member, str(number), company.full)

    with CaptureQueriesContext(connection) as many:
        first = page_of(client, member)
    second = page_of(client, member, after=first.context["page"].next)

    assert [len(response.context["history"]) for response in (first, second)] == [20, 10]
    # One more counts them all.
    assert len(many) <= len(few) + 1


def test_an_account_administered_elsewhere_says_so_and_offers_nothing(client, company):
    account = company.account(company.research)
    account.memberships.create(department=company.sales)
    client.force_login(company.sales_administrator)

    response = page_of(client, account)

    assert "由其他部门管理" in response.content.decode()
    assert not response.context["may"].change
    assert not response.context["may"].password


def test_an_account_with_more_rights_says_that_it_is_protected(client, company):
    mighty = company.account(company.sales)
    grant(mighty, "full_administrator", company.root)
    client.force_login(company.sales_administrator)

    assert "拥有您没有的权限" in page_of(client, mighty).content.decode()


def test_ones_own_password_is_not_reset_here(client, company):
    client.force_login(company.administrator)

    assert not page_of(client, company.administrator).context["may"].password


def test_a_lock_after_wrong_passwords_is_told_with_the_way_to_unlock(client, company, member):
    locked(member)
    client.force_login(company.administrator)

    page = page_of(client, member).content.decode()

    assert "输错密码已锁定" in page
    assert f"{reverse('lockouts:list')}?q=wei.zhang%40yunqi.example" in page


def test_a_lock_that_is_over_is_not_told(client, company, member):
    locked(member, minutes=-1)
    client.force_login(company.administrator)

    assert "输错密码已锁定" not in page_of(client, member).content.decode()


def test_an_account_is_found_by_typing_within_the_scope(client, company, member):
    company.account(company.research, name="张芳")
    client.force_login(company.sales_administrator)

    page = client.get(reverse("find"), {"q": "张"}).content.decode()

    assert reverse("accounts:account-detail", args=[member.pk]) in page
    assert "张芳" not in page


def test_department_and_status_are_changed_from_the_page_by_whoever_may(client, company, member):
    client.force_login(company.sales_administrator)

    page = page_of(client, member).content.decode()

    for dialog in ("accounts:account-move", "accounts:account-status"):
        assert f"{reverse(dialog)}?id={member.pk}" in page


def test_an_account_administered_elsewhere_can_still_leave_ones_own_department(client, company):
    account = company.account(company.research)
    account.memberships.create(department=company.sales)
    client.force_login(company.sales_administrator)

    may = page_of(client, account).context["may"]

    assert may.move
    assert not may.status


def test_the_page_leads_back_to_the_list_of_its_department(client, company, member):
    client.force_login(company.administrator)

    page = page_of(client, member).content.decode()

    assert f"{reverse('accounts:account-list')}?department={company.sales.pk}" in page
