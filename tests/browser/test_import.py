"""Importing accounts, with real workers beside the site: progress, a stop, the end."""

import io
import re
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.presets import FULL_ADMINISTRATOR
from tests.accounts.imports import xlsx_of
from tests.browser.test_frame import sign_in
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.processes import running

ROWS = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def administrator():
    organization = OrganizationFactory(seats=2000, storage_bytes=0)
    root = DepartmentFactory(organization=organization, name="云栖科技")
    DepartmentFactory(parent=root, name="研发中心")
    account = AccountFactory(organization=organization, department=root, name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def worker(tmp_path, settings):
    """Runs a worker process: so many rows in a step; waits for a stop after so many."""
    settings.MEDIA_ROOT = tmp_path / "uploads"

    @contextmanager
    def run(*numbers: int):
        numbers = map(str, numbers)
        with running("-m", "tests.accounts.import_worker", *numbers, var=tmp_path) as process:
            yield process

    return run


def upload(page: Page, *rows):
    content = xlsx_of(*rows)
    page.get_by_label(re.compile("选择文件")).set_input_files(
        {"name": "成员.xlsx", "mimeType": XLSX, "buffer": content}
    )
    page.get_by_role("button", name="上传并检查").click()


def people():
    for n in range(ROWS):
        department = "不存在的部门" if n in (10, 500) else "研发中心"
        yield [f"user{n}", f"张 {n}", department]


def watch(page: Page, *, until: int):
    """Wait until the progress bar says at least so many percent, and what it said meanwhile."""
    bar, seen = page.get_by_role("progressbar"), []
    while not seen or seen[-1] < until:
        seen.append(int(bar.get_attribute("aria-valuenow")))
        page.wait_for_timeout(100)
    return seen


def test_a_thousand_people_come_in_while_one_watches_stops_and_goes_on(
    open_page, administrator, worker
):
    page = open_page()
    sign_in(page, administrator)
    page.goto("/console/accounts/import/")
    upload(page, *people())

    expect(page.get_by_role("heading", level=1)).to_have_text("成员.xlsx")
    with worker(100):
        expect(page.get_by_role("heading", name="有问题的行")).to_be_visible(timeout=60_000)
    problems = page.get_by_role("row").filter(has_text="不存在的部门")
    expect(problems).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载这些行").click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["user10", "user500"]

    page.get_by_role("button", name="导入 998 个帐号").click()
    with worker(20, 400) as process:
        seen = watch(page, until=10)
        page.get_by_role("button", name="停止").click()
        expect(page.get_by_role("button", name="继续")).to_be_visible(timeout=60_000)
        process.wait(60)
    assert seen == sorted(seen)
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    with worker(200) as process:
        expect(page.get_by_text("已导入 998 个帐号。")).to_be_visible(timeout=60_000)
        process.wait(60)

    signed_in = open_page("/login/")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载清单").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 998
    _name, address, password = lines[-1].split(",")
    signed_in.get_by_label("帐号").fill(address)
    signed_in.get_by_label("密码", exact=True).fill(password)
    signed_in.get_by_role("button", name="登录").click()
    expect(signed_in.get_by_label("新密码", exact=True)).to_be_visible()
