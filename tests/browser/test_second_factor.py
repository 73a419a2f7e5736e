"""Setting a second factor up, signing in with it, and with a recovery code."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.factories.security import code_of


@pytest.fixture
def member() -> Account:
    return AccountFactory(name="陈思远")


def give_password(page: Page, account: Account) -> None:
    page.get_by_label("帐号").fill(account.address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def give_code(page: Page, code: str) -> None:
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="登录").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码", exact=True)).to_be_visible()


def test_it_is_set_up_and_then_asked_for_and_a_recovery_code_replaces_it_once(open_page, member):
    page = open_page("/login/?next=/account/security/")
    give_password(page, member)
    page.get_by_role("link", name="开启").click()
    expect(page.get_by_role("img", name="密钥二维码")).to_be_visible()
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_role("button", name="开启").click()
    expect(page.get_by_text("二次验证已开启。")).to_be_visible()
    recovery = page.get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_text("剩余 10 个恢复码。")).to_be_visible()
    sign_out(page)

    page.goto("/login/?next=/account/security/")
    give_password(page, member)
    give_code(page, code_of(secret, steps=1))
    expect(page.get_by_role("heading", level=1, name="帐号与安全")).to_be_visible()
    sign_out(page)

    page.goto("/login/?next=/account/security/")
    give_password(page, member)
    give_code(page, recovery)
    expect(page.get_by_text("剩余 9 个恢复码。")).to_be_visible()
    sign_out(page)

    page.goto("/login/")
    give_password(page, member)
    give_code(page, recovery)
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确")


def test_the_rules_of_a_password_are_ticked_off_while_it_is_typed(open_page, member):
    page = open_page("/login/?next=/password/change/")
    give_password(page, member)
    rules = page.get_by_role("list", name="密码规则")
    length = rules.get_by_role("listitem").first
    leaked = rules.get_by_role("listitem").filter(has_text="已泄露")
    expect(length).to_have_attribute("data-state", "")

    page.get_by_label("新密码", exact=True).press_sequentially("abc")
    expect(length).to_have_attribute("data-state", "broken")
    page.get_by_label("新密码", exact=True).fill("password1")
    expect(length).to_have_attribute("data-state", "kept")
    expect(leaked).to_have_attribute("data-state", "broken")
    page.get_by_label("新密码", exact=True).fill("Silver-Orchard-7")

    expect(leaked).to_have_attribute("data-state", "kept")
