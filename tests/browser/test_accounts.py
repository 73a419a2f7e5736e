import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from admin_platform import job_runner
from admin_platform.models import Job
from mail_server.stores import mail_store
from orgs.models import Department
from tests.factories.accounts import PASSWORD, AccountFactory, grant
from tests.factories.orgs import DepartmentFactory


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def sales(administrator) -> Department:
    root = DepartmentFactory(organization=administrator.organization)
    DepartmentFactory(parent=root, name="研发中心")
    return DepartmentFactory(parent=root, name="销售中心")


@pytest.fixture
def members(administrator, sales) -> list[Account]:
    company = {"organization": administrator.organization, "domain": administrator.domain}
    return [
        AccountFactory(**company, department=sales, name=name, last_login=None)
        for name in ("张伟", "张薇薇", "李娜")
    ]


@pytest.fixture
def open_list(open_page, administrator, members):
    def opened(**options) -> Page:
        page = open_page("/admin.jsp?next=/console/accounts/", **options)
        page.get_by_label("帐号").fill(administrator.address)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.goto("/console/accounts/")
        expect(page.get_by_role("heading", level=1, name="帐号管理")).to_be_visible()
        return page

    return opened


def row(page: Page, name: str):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_the_list_narrows_while_one_types_and_keeps_it_in_the_address(open_list):
    page = open_list()
    search = page.get_by_role("searchbox", name="搜索帐号")

    search.press_sequentially("zhang")

    expect(row(page, "李娜")).to_have_count(0)
    expect(row(page, "张薇薇")).to_be_visible()
    expect(search).to_be_focused()
    expect(page).to_have_url(re.compile("q=zhang"))
    page.reload()
    expect(search).to_have_value("zhang")
    expect(row(page, "李娜")).to_have_count(0)


def test_ticked_accounts_are_moved_and_the_list_shows_it(open_list):
    page = open_list()
    move = page.get_by_role("button", name="调整部门")
    expect(move).to_be_disabled()

    page.get_by_label("选择 张伟").check()
    page.get_by_label("选择 李娜").check()
    expect(page.get_by_text("已选 2 个")).to_be_visible()
    move.click()
    dialog = page.get_by_role("dialog", name="调整 2 个帐号的部门")
    dialog.get_by_label("研发中心").check()
    dialog.get_by_role("button", name="调整 2 个帐号").click()

    expect(dialog).to_be_hidden()
    expect(page.get_by_text("已调整 2 个帐号的部门")).to_be_visible()
    expect(row(page, "张伟")).to_contain_text("研发中心")
    expect(row(page, "李娜")).to_contain_text("研发中心")
    expect(row(page, "张薇薇")).to_contain_text("销售中心")


def test_the_tree_shows_the_new_numbers_after_a_move(open_list, sales):
    page = open_list()
    tree = page.get_by_role("complementary", name="组织架构")
    node = tree.get_by_role("listitem").filter(has_text="销售中心").last
    expect(node).to_contain_text("3")

    page.get_by_label("选择 张伟").check()
    page.get_by_role("button", name="调整部门").click()
    page.get_by_role("dialog").get_by_label("研发中心").check()
    page.get_by_role("button", name="调整 1 个帐号").click()

    expect(node).to_contain_text("2")


def test_an_account_is_frozen_from_the_menu_of_its_row(open_list):
    page = open_list()

    row(page, "张伟").get_by_label("更多操作").click()
    page.get_by_role("link", name="修改状态").click()
    dialog = page.get_by_role("dialog", name="修改 1 个帐号的状态")
    until = dialog.get_by_label("冻结至")
    expect(until).to_be_hidden()
    dialog.get_by_role("radio", name=re.compile("^冻结")).check()
    until.fill("2020-01-01")
    dialog.get_by_role("button", name="修改 1 个帐号").click()
    expect(dialog.get_by_role("alert")).to_contain_text("冻结至")
    expect(until).to_have_value("2020-01-01")
    until.fill("")
    dialog.get_by_role("button", name="修改 1 个帐号").click()

    expect(dialog).to_be_hidden()
    expect(row(page, "张伟")).to_contain_text("冻结")


def test_heads_sort_in_place_and_all_of_the_list_can_be_chosen(open_list, administrator, sales):
    company = {"organization": administrator.organization, "domain": administrator.domain}
    for number in range(20):
        AccountFactory(**company, department=sales, name=f"王{number:02}", password="!")
    page = open_list()

    size = page.get_by_role("link", name="20", exact=True)
    size.click()
    expect(size).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="姓名").click()
    expect(page.get_by_role("columnheader", name="姓名")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.get_by_role("link", name="选择全部 24 个").click()
    page.get_by_role("button", name="修改状态").click()

    expect(page.get_by_role("dialog", name="修改 24 个帐号的状态")).to_be_visible()


def test_without_scripts_one_filters_ticks_moves_and_comes_back(open_list):
    page = open_list(java_script_enabled=False)
    page.get_by_role("searchbox", name="搜索帐号").fill("zhang")
    page.get_by_role("button", name="查询").click()
    expect(row(page, "李娜")).to_have_count(0)

    page.get_by_label("选择 张伟").check()
    page.get_by_role("button", name="调整部门").click()
    page.get_by_role("searchbox", name="搜索部门").fill("研发")
    page.get_by_role("button", name="查找").click()
    page.get_by_label("研发中心").check()
    page.get_by_role("button", name="调整 1 个帐号").click()

    expect(page.get_by_text("已调整 1 个帐号的部门")).to_be_visible()
    expect(page).to_have_url(re.compile("q=zhang"))
    expect(row(page, "张伟")).to_contain_text("研发中心")


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_the_list_is_no_wider_than_the_screen(open_list, width):
    page = open_list(width=width)

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_mailbox_is_backed_up_and_its_account_deleted_and_restored(open_list, members):
    leaver, heir = members[2], members[0]
    store = mail_store()
    store.deliver(leaver.mailbox.store_path, b"Subject: Contract\r\n\r\n", unique="1")
    page = open_list()
    page.get_by_role("checkbox", name="选择 李娜").check()
    page.get_by_role("button", name="删除", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("备份邮箱后删除").check()
    dialog.get_by_role("searchbox", name="邮件挂靠到").fill("张伟")
    dialog.get_by_role("checkbox", name="张伟").check()
    dialog.get_by_role("button", name="删除 1 个帐号").click()

    expect(dialog).to_be_hidden()
    expect(row(page, "李娜")).to_have_count(0)
    job_runner.run(Job.objects.get().pk)
    assert [f.name for f in store.folders(heir.mailbox.store_path) if f.total] == [
        f"李娜的邮箱备份（{leaver.local_part}）/INBOX"
    ]

    page.get_by_role("link", name="已删除帐号").click()
    page.get_by_role("checkbox", name="选择 李娜").check()
    page.get_by_role("button", name="恢复").click()

    expect(page.get_by_text("已恢复 1 个帐号")).to_be_visible()
    assert Account.objects.filter(pk=leaver.pk, deleted_at=None).exists()
