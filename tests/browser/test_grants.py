"""Giving a role and taking it away, as giver and receiver see it."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.presets import FULL_ADMINISTRATOR
from tests.browser.conftest import OpenPage
from tests.browser.test_frame import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

REFUSED = re.compile("您没有.*的权限")


@pytest.fixture
def administrator():
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization, name="云栖科技")
    for name in ("研发中心", "销售中心"):
        DepartmentFactory(parent=root, name=name)
    account = AccountFactory(organization=organization, department=root, name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def receiver(administrator):
    root = administrator.departments.get()
    for department in root.get_children():
        AccountFactory(
            organization=root.organization, department=department, name=f"{department.name}成员"
        )
    return AccountFactory(organization=root.organization, department=root, name="傅云舟")


def choose_receiver(page: Page) -> None:
    page.goto("/console/grants/create/")
    page.get_by_label("授权对象").fill("傅云舟")
    page.get_by_role("checkbox", name=re.compile("傅云舟")).check()
    page.get_by_label("角色").select_option(label="部门管理员")


def test_of_one_level_only_one_department_can_be_chosen(
    open_page: OpenPage, administrator, receiver
):
    page = open_page()
    sign_in(page, administrator)
    choose_receiver(page)

    page.get_by_role("radio", name="研发中心").check()
    page.get_by_role("radio", name="销售中心").check()

    expect(page.get_by_role("radio", name="研发中心")).not_to_be_checked()
    expect(page.get_by_role("radio", name="销售中心")).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="研发中心")).to_be_visible()
    page.get_by_role("button", name="保存授权").click()
    row = page.get_by_role("row").filter(has_text="傅云舟")
    expect(row).to_contain_text("销售中心")
    expect(row).not_to_contain_text("研发中心")


def test_a_role_counts_at_the_next_request_and_ends_as_soon(
    open_page: OpenPage, administrator, receiver
):
    giver, taker = open_page(), open_page()
    sign_in(giver, administrator)
    taker.get_by_label("帐号", exact=True).fill(receiver.address)
    taker.get_by_label("密码", exact=True).fill(PASSWORD)
    taker.keyboard.press("Enter")
    expect(taker.get_by_role("heading", level=1)).to_have_text(REFUSED)
    choose_receiver(giver)
    giver.get_by_role("radio", name="研发中心").check()
    giver.get_by_role("button", name="保存授权").click()
    row = giver.get_by_role("row").filter(has_text="傅云舟")
    expect(row).to_be_visible()

    taker.goto("/console/accounts/")
    expect(taker.get_by_text("研发中心成员")).to_be_visible()
    expect(taker.get_by_text("销售中心成员")).to_have_count(0)

    row.get_by_role("link", name="取消授权").click()
    giver.get_by_role("dialog").get_by_role("button", name="取消 1 项授权").click()
    expect(row).to_have_count(0)
    taker.reload()
    expect(taker.get_by_role("heading", level=1)).to_have_text(REFUSED)
