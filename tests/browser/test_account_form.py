"""From a new account to its first letter, as an administrator and the member would."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from admin_platform import job_runner
from admin_platform.models import Job
from tests.factories.accounts import PASSWORD, AccountFactory, grant
from tests.factories.orgs import DepartmentFactory

CREATE = "/console/accounts/create/"


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    for name in ("研发中心", "销售中心"):
        DepartmentFactory(parent=account.departments.get(), name=name)
    return account


def sign_in(page: Page, address: str, password: str) -> None:
    page.get_by_label("帐号").fill(address)
    page.get_by_label("密码", exact=True).fill(password)
    button = page.get_by_role("button", name="登录", exact=True)
    button.click()
    expect(button).to_have_count(0)


def open_form(open_page, administrator: Account, **options) -> Page:
    page = open_page(**options)
    sign_in(page, administrator.address, PASSWORD)
    page.goto(CREATE)
    return page


def test_a_new_member_signs_in_with_the_shown_password_changes_it_and_reads_the_welcome_letter(
    open_page, administrator
):
    page = open_form(open_page, administrator)
    page.get_by_label("姓名").fill("张伟")
    page.get_by_label("帐号", exact=True).fill("wei.zhang")
    page.get_by_role("searchbox", name="搜索部门").fill("研发")
    page.get_by_label("研发中心").check()
    page.get_by_role("button", name="创建帐号").click()
    expect(page).to_have_url(re.compile(r"/console/accounts/\d+/$"))
    password = page.locator("code").inner_text()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("张伟")
    expect(page.get_by_text(password)).to_have_count(0)

    # No worker runs beside the browser.
    for job in Job.objects.filter(state=Job.State.QUEUED):
        job_runner.run(job.pk)
    member = open_page("/login/")
    sign_in(member, f"wei.zhang@{administrator.domain.name}", password)
    expect(member.get_by_text("请先设置您自己的密码")).to_be_visible()
    member.get_by_label("当前密码").fill(password)
    member.get_by_label("新密码", exact=True).fill("Stille-Wasser-7")
    member.get_by_label("再次输入新密码").fill("Stille-Wasser-7")
    member.get_by_role("button", name="修改登录密码").click()
    member.goto("/mail/")

    letters = member.get_by_role("link").filter(has_text="欢迎")
    expect(letters.first).to_be_visible()


def test_departments_are_chosen_one_by_one_and_one_of_them_is_the_primary_one(
    open_page, administrator
):
    page = open_form(open_page, administrator)
    page.get_by_label("姓名").fill("张伟")
    page.get_by_label("帐号", exact=True).fill("wei.zhang")

    page.get_by_label("研发中心").check()
    page.get_by_label("销售中心").check()
    page.get_by_role("listitem").filter(has_text="销售中心").get_by_label("主部门").check()
    page.get_by_role("button", name="创建帐号").click()

    expect(page.get_by_role("button", name="复制")).to_be_visible()
    account = Account.objects.get(name="张伟")
    primary = account.memberships.get(is_primary=True)
    assert primary.department.name == "销售中心"
    assert account.departments.count() == 2


def test_what_a_choice_makes_needless_is_hidden(open_page, administrator):
    page = open_form(open_page, administrator)
    expect(page.get_by_label("转发到")).to_be_hidden()

    page.get_by_label("允许自动转发来信").check()
    expect(page.get_by_label("转发到")).to_be_visible()
    page.get_by_label("为该帐号创建邮箱").uncheck()

    for label in ("邮箱空间", "邮箱别名", "转发到"):
        expect(page.get_by_label(label)).to_be_hidden()


def test_enter_in_a_field_sends_the_form_and_in_the_search_for_departments_it_does_not(
    open_page, administrator
):
    page = open_form(open_page, administrator)

    page.get_by_role("searchbox", name="搜索部门").press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("姓名").press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("navigation", name="表单分节")).to_contain_text("3")


def test_without_scripts_an_account_is_created_with_a_department_that_was_searched(
    open_page, administrator
):
    page = open_form(open_page, administrator, java_script_enabled=False)
    page.get_by_label("姓名").fill("张伟")
    page.get_by_label("帐号", exact=True).fill("wei.zhang")
    page.get_by_role("searchbox", name="搜索部门").fill("研发")
    page.get_by_role("button", name="查找").click()

    page.get_by_label("研发中心").check()
    page.get_by_role("button", name="创建帐号").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("张伟")
    password = page.locator("code").inner_text()
    assert Account.objects.get(name="张伟").check_password(password)


def test_a_password_is_reset_in_a_dialog_and_the_page_behind_it_follows(open_page, administrator):
    member = AccountFactory(
        organization=administrator.organization,
        domain=administrator.domain,
        department=administrator.departments.get(),
        name="张伟",
    )
    page = open_form(open_page, administrator)
    page.goto(f"/console/accounts/{member.pk}/")

    page.get_by_role("link", name="重置密码").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="重置密码").click()
    password = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="完成").click()

    expect(dialog).to_be_hidden()
    expect(page.get_by_text("登录后须修改").first).to_be_visible()
    assert Account.objects.get(pk=member.pk).check_password(password)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_an_account_is_wider_than_the_screen(open_page, administrator, width):
    page = open_form(open_page, administrator, width=width)

    own = f"/console/accounts/{administrator.pk}/"
    for path in (CREATE, own, f"{own}edit/", f"{own}password/"):
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, path
