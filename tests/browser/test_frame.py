import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from tests.factories.accounts import PASSWORD, AccountFactory, grant


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


def sign_in(page: Page, account: Account) -> None:
    page.get_by_label("帐号").fill(account.address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("陈思远")


def test_a_function_is_reached_from_the_keyboard_alone(open_page, administrator):
    page = open_page()
    sign_in(page, administrator)

    page.keyboard.press("/")
    page.keyboard.type("zzjg")
    expect(page.get_by_role("list", name="功能").get_by_role("link").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/console/departments/"))


def test_escape_empties_the_search_and_stays_in_it(open_page, administrator):
    page = open_page()
    sign_in(page, administrator)
    search = page.get_by_role("searchbox", name="搜索成员、部门或功能")

    page.keyboard.press("/")
    page.keyboard.type("hyx")
    expect(page.get_by_role("link", name="欢迎信 邮箱与邮件")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    expect(search).to_be_focused()
    expect(search).to_have_value("")
    expect(page.get_by_role("link", name="欢迎信 邮箱与邮件")).to_be_hidden()


def test_icons_are_drawn_from_the_sprite(open_page):
    page = open_page("/login/")

    page.wait_for_load_state("networkidle")
    width = page.locator(".signin__prefs svg use").first.evaluate("use => use.getBBox().width")

    assert width > 0


def test_the_dark_theme_stays_from_page_to_page(open_page, administrator):
    page = open_page()
    light = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    page.get_by_role("button", name="深色").click()

    sign_in(page, administrator)

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert dark != light


def test_the_sign_in_page_shows_the_password_on_demand(open_page):
    page = open_page("/login/")
    password = page.get_by_label("密码", exact=True)
    password.fill("secret")

    page.get_by_role("button", name="显示密码").click()

    expect(password).to_have_attribute("type", "text")


def test_without_scripts_one_signs_in_searches_and_switches_the_language(open_page, administrator):
    page = open_page(java_script_enabled=False)
    sign_in(page, administrator)

    page.get_by_role("searchbox", name="搜索成员、部门或功能").fill("huanyingxin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name="欢迎信")).to_be_visible()
    page.get_by_label(f"帐号 {administrator.address}").click()
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("main").get_by_role("link", name="Welcome letter")).to_be_visible()


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_no_page_of_the_frame_is_wider_than_the_screen(open_page, administrator, width):
    page = open_page(width=width)
    sign_in(page, administrator)

    for path in ("/console/", "/console/help/", "/console/find/?q=h", "/console/nowhere/"):
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, path


def test_on_a_phone_every_part_of_the_top_bar_is_reached(open_page, administrator):
    page = open_page(width=390)
    sign_in(page, administrator)

    page.get_by_role("button", name="全部功能").click()
    expect(page.get_by_role("link", name="我的 Office 365").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label(f"帐号 {administrator.address}").click()
    page.get_by_role("button", name="退出").click()

    expect(page.get_by_role("button", name="登录")).to_be_visible()
