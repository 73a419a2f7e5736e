"""The organization tree, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.presets import FULL_ADMINISTRATOR
from tests.browser.test_frame import sign_in
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory


@pytest.fixture
def page(open_page):
    account = AccountFactory(name="陈思远")
    root = account.memberships.get().department
    root.name = "云栖科技"
    root.save()
    for name in ("研发中心", "销售中心", "行政部"):
        DepartmentFactory(parent=root, name=name)
    grant(account, FULL_ADMINISTRATOR, root)
    page = open_page()
    sign_in(page, account)
    page.goto("/console/departments/")
    return page


def tree(page: Page):
    return page.locator("#tree")


def test_a_department_is_created_and_renamed(page):
    page.get_by_role("link", name="新建部门").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("部门名称").fill("法务部")
    dialog.get_by_role("button", name=re.compile("新建|创建")).click()
    expect(tree(page).get_by_role("link", name="法务部")).to_be_visible()

    tree(page).get_by_role("link", name="法务部").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("法务部")
    page.get_by_role("main").get_by_role("link", name=re.compile("编辑|重命名")).first.click()
    page.get_by_role("textbox", name="部门名称").fill("法务与合规部")
    page.get_by_role("button", name="保存").click()

    expect(tree(page).get_by_role("link", name="法务与合规部")).to_be_visible()


def test_a_name_that_a_sibling_has_is_refused_in_the_dialog(page):
    page.get_by_role("link", name="新建部门").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("部门名称").fill("研发中心")
    dialog.get_by_role("button", name=re.compile("新建|创建")).click()

    expect(dialog.get_by_label("部门名称")).to_have_value("研发中心")
    expect(dialog.get_by_label("部门名称")).to_have_attribute("aria-invalid", "true")


def test_by_keyboard_a_department_is_renamed_and_deleted(page):
    tree(page).get_by_role("link", name="行政部").focus()
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("部门名称").fill("后勤部")
    page.keyboard.press("Enter")

    renamed = tree(page).get_by_role("link", name="后勤部")
    expect(renamed).to_be_visible()
    expect(dialog).to_be_hidden()
    renamed.focus()
    page.keyboard.press("Delete")
    dialog.get_by_role("button", name="删除部门").click()

    expect(renamed).to_be_hidden()
    expect(page.get_by_text("已删除部门“后勤部”")).to_be_visible()


def test_a_department_is_moved_by_dragging(page):
    source = tree(page).locator(".node").filter(has_text="行政部")
    target = tree(page).locator(".node").filter(has_text="销售中心")

    source.drag_to(target)

    expect(tree(page).get_by_role("button", name="销售中心 的子部门")).to_be_visible()


def open_move_dialog(page: Page):
    tree(page).get_by_role("link", name="行政部").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("行政部")
    page.get_by_role("main").get_by_label("更多操作").first.click()
    page.get_by_role("link", name=re.compile("移动到")).first.click()
    return page.get_by_role("dialog")


def test_a_department_is_moved_by_choosing_its_new_place(page):
    dialog = open_move_dialog(page)
    dialog.get_by_label("搜索部门").fill("研发")
    dialog.get_by_role("radio", name="研发中心").check()
    dialog.get_by_role("button", name="移动到此部门").click()

    expect(dialog).to_be_hidden()
    expect(page.get_by_role("navigation", name="位置")).to_contain_text("研发中心")
    expect(tree(page).get_by_role("button", name="研发中心 的子部门")).to_be_visible()


def test_a_place_chosen_while_a_search_is_answered_stays_chosen(page):
    answers = []
    page.route(re.compile(r"/move/\?.*q="), lambda route: answers.append(route))
    dialog = open_move_dialog(page)
    with page.expect_request(re.compile(r"/move/\?.*q=")):
        dialog.get_by_label("搜索部门").fill("研发")
    dialog.get_by_role("radio", name="研发中心").check()
    answers[0].continue_()

    expect(dialog.get_by_role("radio", name="销售中心")).to_be_hidden()
    expect(dialog.get_by_role("radio", name="研发中心")).to_be_checked()


def test_a_department_is_found_by_a_part_of_its_name(page):
    search = page.get_by_role("searchbox", name=re.compile("搜索部门"))
    search.fill("销售")

    expect(tree(page).get_by_role("link", name="销售中心")).to_be_visible()
    expect(tree(page).get_by_role("link", name="研发中心")).to_be_hidden()
