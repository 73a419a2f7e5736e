"""A member's day in the webmail, as a person would do it."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.presets import FULL_ADMINISTRATOR
from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD, AccountFactory, grant

NEW_PASSWORD = "Stille-Bucht-2027"


@pytest.fixture
def members():
    writer = AccountFactory(name="陈思远", local_part="siyuan")
    reader = AccountFactory(
        name="林晓雨",
        local_part="xiaoyu",
        organization=writer.organization,
        domain=writer.domain,
        department=writer.memberships.get().department,
    )
    grant(writer, FULL_ADMINISTRATOR)
    return writer, reader


def sign_in(page: Page, account, password=PASSWORD) -> None:
    page.get_by_label("帐号").fill(account.address)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def write(page: Page, *, to: str, subject: str, text: str, file: bytes = b"") -> None:
    page.get_by_role("link", name="写邮件").click()
    page.get_by_label("收件人").fill(to)
    page.get_by_label("主题").fill(subject)
    page.get_by_label("正文").fill(text)
    if file:
        page.get_by_label("附件").set_input_files(
            {"name": "报告.txt", "mimeType": "text/plain", "buffer": file}
        )
    page.get_by_role("button", name="发送").click()


def test_a_letter_is_written_read_answered_found_and_deleted(open_page, members):
    writer, reader = members
    page = open_page("/login/")
    sign_in(page, writer)
    expect(page.get_by_role("heading", name="收件箱")).to_be_visible()
    write(page, to=reader.address, subject="季度预算", text="请看附件。", file=b"42")
    page.get_by_role("navigation", name="文件夹").get_by_role("link", name="已发送").click()
    expect(page.get_by_role("link", name=re.compile("季度预算"))).to_be_visible()

    other = open_page("/login/")
    sign_in(other, reader)
    other.get_by_role("link", name=re.compile("季度预算")).click()
    article = other.get_by_role("article")
    expect(article.get_by_text("请看附件。")).to_be_visible()
    with other.expect_download() as download:
        article.get_by_role("link", name="下载 报告.txt").click()
    assert download.value.path().read_bytes() == b"42"
    article.get_by_role("link", name="回复", exact=True).click()
    expect(other.get_by_label("收件人")).to_have_value(re.compile(re.escape(writer.address)))
    other.get_by_label("正文").fill("收到，谢谢。")
    other.get_by_role("button", name="发送").click()

    page.get_by_role("navigation", name="文件夹").get_by_role("link", name="收件箱").click()
    expect(page.get_by_role("link", name=re.compile("收到，谢谢"))).to_be_visible()
    page.get_by_role("searchbox", name="搜索邮件").fill("谢谢")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("收到，谢谢")).click()
    page.get_by_role("article").get_by_role("button", name="删除").click()
    page.get_by_role("navigation", name="文件夹").get_by_role("link", name="收件箱").click()
    expect(page.get_by_text("这里没有邮件")).to_be_visible()


def test_what_was_written_stays_when_a_recipient_is_refused(open_page, members):
    writer, _reader = members
    page = open_page("/login/")
    sign_in(page, writer)

    write(page, to=f"nobody@{writer.domain.name}", subject="你好", text="全文")

    expect(page.get_by_role("alert")).to_contain_text("nobody@")
    expect(page.get_by_label("正文")).to_have_value("全文")


def test_pictures_from_elsewhere_are_fetched_only_when_asked_for(open_page, members):
    _writer, reader = members
    html = "<p>促销</p><img src='https://tracker.example/p.png'><script>document.title='x'</script>"
    letter = f"Subject: 广告\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}"
    mail_store().deliver(reader.mailbox.store_path, letter.encode(), unique="ad")
    page = open_page("/login/")
    asked = []
    page.route("https://tracker.example/**", lambda route: (asked.append(1), route.abort()))
    sign_in(page, reader)

    page.get_by_role("link", name=re.compile("广告")).click()
    expect(page.frame_locator("iframe").get_by_text("促销")).to_be_visible()
    before = list(asked)
    page.get_by_role("link", name="显示图片").click()
    expect(page.frame_locator("iframe").locator("img")).to_have_count(1)
    page.wait_for_load_state("networkidle")

    assert (before, asked) == ([], [1])
    expect(page).not_to_have_title("x")


def test_one_changes_ones_own_password_and_signs_in_with_it(open_page, members):
    _writer, reader = members
    page = open_page("/login/")
    sign_in(page, reader)

    page.get_by_text("林晓雨 的帐号菜单").locator("..").click()
    page.get_by_role("link", name="修改登录密码").click()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label(re.compile("再次|重复|确认")).fill(NEW_PASSWORD)
    page.get_by_role("button", name="修改登录密码").click()
    expect(page.get_by_role("heading", name="收件箱")).to_be_visible()

    again = open_page("/login/")
    sign_in(again, reader, NEW_PASSWORD)
    expect(again.get_by_role("heading", name="收件箱")).to_be_visible()


def test_an_administrator_goes_from_the_mailbox_to_the_console_and_back(open_page, members):
    writer, _reader = members
    page = open_page("/login/")
    sign_in(page, writer)

    page.get_by_role("link", name="企业服务平台").first.click()
    expect(page).to_have_url(re.compile("/console/"))
    page.get_by_role("link", name="进入邮箱").first.click()

    expect(page.get_by_role("heading", name="收件箱")).to_be_visible()
