"""The logs and reading a member's mail, as a person uses them."""

from email.message import EmailMessage

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from admin_platform import audit
from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD, AccountFactory, grant, system_operator


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


def sign_in(page: Page, account: Account) -> None:
    page.get_by_label("帐号").fill(account.address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/console/**")


def test_a_record_opens_beside_the_list_and_closes_by_escape(open_page, administrator):
    with transaction.atomic():
        audit.record(
            "account.changed",
            actor=system_operator(),
            target=AccountFactory(organization=administrator.organization, name="张伟"),
            before={"title": "职员"},
            after={"title": "经理"},
        )
    page = open_page()
    sign_in(page, administrator)
    page.goto("/console/log/")
    record = page.get_by_role("link", name="张伟")

    record.click()
    drawer = page.get_by_role("dialog")

    expect(drawer.get_by_role("cell", name="经理")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(record).to_be_focused()


def test_filters_narrow_the_list_and_its_export_while_typing(open_page, administrator):
    with transaction.atomic():
        for name in ("张伟", "李娜"):
            target = AccountFactory(organization=administrator.organization, name=name)
            audit.record("account.changed", actor=system_operator(), target=target)
    page = open_page()
    sign_in(page, administrator)
    page.goto("/console/log/")

    page.get_by_role("textbox", name="对象").fill("李娜")

    expect(page.get_by_role("link", name="张伟")).to_have_count(0)
    expect(page.get_by_role("link", name="李娜")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出").click()
    exported = download.value.path().read_text(encoding="utf-8-sig")
    assert ("李娜" in exported, "张伟" in exported) == (True, False)


def test_the_mail_of_a_member_is_read_with_a_reason_and_the_member_is_told(
    open_page, administrator
):
    member = AccountFactory(organization=administrator.organization, name="张伟")
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "li@partner.example", "季度报表"
    letter.set_content("请查收")
    mail_store().deliver(member.mailbox.store_path, letter.as_bytes(), unique="u1")
    page = open_page()
    sign_in(page, administrator)
    page.goto(f"/console/accounts/{member.pk}/")

    page.get_by_role("link", name="查阅邮件").click()
    page.get_by_label("原因").fill("审计案件 2026-17")
    page.get_by_role("button", name="打开邮箱").click()
    page.get_by_role("link", name="季度报表").click()

    expect(page.get_by_text("请查收")).to_be_visible()
    own = open_page("/login/")
    own.get_by_label("帐号").fill(member.address)
    own.get_by_label("密码", exact=True).fill(PASSWORD)
    own.get_by_role("button", name="登录").click()
    own.get_by_role("link", name="查看详情").click()
    expect(own.get_by_text("审计案件 2026-17")).to_be_visible()
