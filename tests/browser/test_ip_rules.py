"""Sign-in by IP address, and locked accounts, as an administrator uses them."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.presets import FULL_ADMINISTRATOR
from tests.browser.conftest import OpenPage
from tests.factories.accounts import PASSWORD, AccountFactory, grant
from tests.factories.security import locked

RULES = "/console/security/ip-rules/"


@pytest.fixture
def administrator():
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    return account


def sign_in(page: Page, account) -> None:
    page.get_by_label("帐号", exact=True).fill(account.address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console/"))


def test_a_rule_that_would_lock_oneself_out_asks_first(open_page: OpenPage, administrator):
    page = open_page()
    sign_in(page, administrator)
    page.goto(RULES)
    page.get_by_role("link", name="新建默认规则").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("IP 或 IP 段").fill("10.0.0.0/8")
    dialog.get_by_role("button", name="保存").click()

    expect(dialog.get_by_role("alert")).to_contain_text("您将无法在当前 IP 地址 127.0.0.1 登录")
    expect(page.get_by_text("未做限制")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="未做限制")).to_be_visible()


def test_once_confirmed_the_rule_is_saved_and_signs_its_author_out(
    open_page: OpenPage, administrator
):
    page = open_page()
    sign_in(page, administrator)
    page.goto(RULES)
    page.get_by_role("link", name="新建默认规则").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("IP 或 IP 段").fill("127.0.0.1")
    dialog.get_by_label("禁止").check()
    dialog.get_by_role("button", name="保存").click()
    dialog.get_by_label("我已知晓，仍要保存").check()
    dialog.get_by_role("button", name="保存").click()

    page.wait_for_url(re.compile(r"/admin\.jsp"))
    expect(page.get_by_text("当前网络不允许登录")).to_be_visible()
    page.get_by_label("帐号", exact=True).fill(administrator.address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("帐号或密码不正确。")).to_be_visible()


def test_a_harmless_rule_is_saved_without_a_question(open_page: OpenPage, administrator):
    page = open_page()
    sign_in(page, administrator)
    page.goto(RULES)
    page.get_by_role("link", name="新建默认规则").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("IP 或 IP 段").fill("198.51.100.*")
    dialog.get_by_label("禁止").check()
    dialog.get_by_role("button", name="保存").click()

    expect(dialog).to_be_hidden()
    expect(page.get_by_role("cell", name="198.51.100.0/24", exact=True)).to_be_visible()


def test_several_locked_accounts_are_unlocked_at_once(open_page: OpenPage, administrator):
    for name in ("Ada", "Grace", "Edsger"):
        locked(AccountFactory(organization=administrator.organization, name=name))
    page = open_page()
    sign_in(page, administrator)
    page.goto("/console/security/lockouts/")

    page.get_by_label("选择 Ada").check()
    page.get_by_label("选择 Grace").check()
    expect(page.get_by_text("已选 2 个")).to_be_visible()
    page.get_by_role("button", name="批量解锁").click()

    expect(page.get_by_text("已解锁 2 个帐号")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("cell", name="Edsger", exact=True)).to_be_visible()


def test_members_are_picked_for_own_rules(open_page: OpenPage, administrator):
    AccountFactory(
        organization=administrator.organization,
        domain=administrator.domain,
        name="Ada Lovelace",
        pinyin="ada lovelace",
    )
    page = open_page()
    sign_in(page, administrator)
    page.goto(f"{RULES}members/create/")

    page.get_by_label("成员", exact=True).fill("love")
    page.get_by_role("listitem").get_by_label("Ada Lovelace").click()
    page.get_by_label("允许的 IP 段").fill("10.0.0.1 - 10.0.0.9")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("已为 1 个成员新建个别规则")).to_be_visible()
    expect(page.get_by_text("10.0.0.1–10.0.0.9")).to_be_visible()
