"""Shared contacts: a file comes in, and members find who was in it."""

import re

import pytest
from playwright.sync_api import expect

from accounts.presets import FULL_ADMINISTRATOR
from tests.browser.test_frame import sign_in
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

TABLE = """姓名,邮箱地址,公司,分组
曾国伟,zeng@far.example,远方,客户
李雷,li at far,,
韩梅,han@far.example,,客户
"""


@pytest.fixture
def administrator():
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization, name="云栖科技")
    account = AccountFactory(organization=organization, department=root, name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


def test_a_file_comes_in_is_put_in_order_and_suggested_to_who_writes(open_page, administrator):
    page = open_page()
    sign_in(page, administrator)
    page.goto("/console/contacts/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_label(re.compile("选择文件")).set_input_files(
        {"name": "客户.csv", "mimeType": "text/csv", "buffer": TABLE.encode("gb18030")}
    )
    page.get_by_role("button", name="导入联系人").click()

    expect(page.get_by_text("已导入 2 位联系人。")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="li at far")).to_have_count(1)

    page.get_by_role("link", name="返回联系人").click()
    rows = page.locator("#contacts tbody tr")
    expect(rows).to_have_text([re.compile("韩梅"), re.compile("曾国伟")])
    page.get_by_label("曾国伟的排序").fill("1")
    page.get_by_label("曾国伟的排序").press("Enter")
    expect(rows).to_have_text([re.compile("曾国伟"), re.compile("韩梅")])

    page.get_by_role("checkbox", name="选择 韩梅").check()
    page.get_by_text("导出", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == ["韩梅"]

    page.goto("/mail/compose/")
    page.get_by_label("收件人").press_sequentially("zengg")
    page.get_by_role("button", name=re.compile("zeng@far.example")).click()
    expect(page.get_by_label("收件人")).to_have_value("曾国伟 <zeng@far.example>, ")
