from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Membership
from accounts.presets import AUDITOR
from admin_platform.models import AuditRecord
from tests.factories.accounts import AccountFactory, alias, grant
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db

LIST = "/console/accounts/"
EXPORT = "/console/accounts/export/"
ROWS = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


@pytest.fixture
def of_sales(client, company):
    client.force_login(company.sales_administrator)
    return client


def text_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def csv_of(response) -> list[str]:
    assert response.status_code == 200, response
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_the_list_begins_with_everybody_of_the_organization(administrator, company):
    below = company.account(company.export, name="欧阳若曦")

    page = text_of(administrator.get(LIST))

    assert "帐号管理" in page
    assert below.name in page
    assert below.address in page


def test_a_department_is_shown_with_or_without_those_below(administrator, company):
    company.account(company.export, name="欧阳若曦")

    whole = text_of(administrator.get(LIST, {"department": company.sales.pk}))
    # The page sends 0 before the box, which adds 1 where it is ticked.
    ticked = text_of(administrator.get(f"{LIST}?department={company.sales.pk}&below=0&below=1"))
    own = text_of(administrator.get(LIST, {"department": company.sales.pk, "below": "0"}))

    assert "欧阳若曦" in whole
    assert "欧阳若曦" in ticked
    assert "欧阳若曦" not in own


@pytest.mark.parametrize("headers", [{}, ROWS])
def test_a_department_administrator_sees_only_theirs(of_sales, company, headers):
    company.account(company.research, name="研发张伟")
    company.account(company.export, name="华东李娜")

    page = text_of(of_sales.get(LIST, headers=headers))

    assert "华东李娜" in page
    assert "研发张伟" not in page


@pytest.mark.parametrize("headers", [{}, ROWS])
@pytest.mark.parametrize("pk", ["research", "other", "9" * 30, "x"])
def test_a_foreign_department_is_not_there(of_sales, company, headers, pk):
    others = {"research": company.research.pk, "other": DepartmentFactory().pk}

    response = of_sales.get(LIST, {"department": others.get(pk, pk)}, headers=headers)

    assert response.status_code == 404


def test_htmx_gets_the_rows_and_the_toolbar_alone(administrator, company):
    company.account(name="欧阳若曦")

    response = administrator.get(LIST, {"q": "ouyang"}, headers=ROWS)

    part = text_of(response)
    assert "欧阳若曦" in part
    assert part.count('hx-swap-oob="true"') == 1
    assert "<html" not in part
    assert 'class="filters"' not in part
    assert "HX-Request" in response["Vary"]


def test_a_boosted_link_gets_the_whole_page(administrator, company):
    headers = {**ROWS, "HX-Boosted": "true"}

    assert "<html" in text_of(administrator.get(LIST, {"sort": "-name"}, headers=headers))


def test_search_and_filters_narrow_the_list(administrator, company):
    company.account(name="张伟", status=AccountStatus.DISABLED)
    company.account(name="张薇薇")
    company.account(name="李娜", mailbox=False)

    def shown(**query):
        page = text_of(administrator.get(LIST, query))
        return {name for name in ("张伟", "张薇薇", "李娜") if f'title="{name}"' in page}

    assert shown(q="zhang") == {"张伟", "张薇薇"}
    assert shown(q="zhang", status="disabled") == {"张伟"}
    assert shown(mailbox="none") == {"李娜"}


def test_what_is_not_offered_counts_as_not_said(administrator, company):
    company.account(name="张伟")
    odd = {"status": "x", "mailbox": "y", "sort": "password", "size": "9999", "after": "z"}

    assert "张伟" in text_of(administrator.get(LIST, odd))


def test_a_click_on_a_head_sorts_and_a_second_one_turns_the_order(administrator, company):
    company.account(name="小", local_part="a", mailbox__usage_bytes=1)
    company.account(name="大", local_part="b", mailbox__usage_bytes=9 * 1024**3)

    def order(sort):
        page = text_of(administrator.get(LIST, {"sort": sort}))
        return page.index('title="大"') < page.index('title="小"')

    first = text_of(administrator.get(LIST))
    assert "?sort=-usage" in first
    assert order("-usage")
    assert not order("usage")


def test_pages_keep_the_filter_and_offer_sizes(administrator, company):
    for number in range(25):
        company.account(name=f"张{number:02}")

    page = text_of(administrator.get(LIST, {"q": "张", "size": "20"}))

    assert "共 25 条" in page
    assert "q=%E5%BC%A0&amp;size=20&amp;after=" in page
    assert "q=%E5%BC%A0&amp;size=100" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "正常"),
        ({"status": AccountStatus.DISABLED}, "禁用"),
        ({"status": AccountStatus.FROZEN}, "冻结"),
        ({"status": AccountStatus.FROZEN, "frozen_until": timedelta(days=4.5)}, "冻结，剩 5 天"),
        ({"expires_at": timedelta(days=-1)}, "已过期"),
        ({"expires_at": timedelta(days=0.5)}, "正常，剩 1 天"),
    ],
)
def test_the_status_is_said_in_words(administrator, company, fields, words):
    moments = {
        name: timezone.now() + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }
    company.account(name="张伟", **moments)

    page = text_of(administrator.get(LIST, {"q": "张伟"}))

    row = page[page.index("<tbody>") :]
    assert f">{words}</span>" in " ".join(row.split()).replace("> ", ">").replace(" <", "<")


def test_a_row_shows_how_full_the_mailbox_is(administrator, company):
    gib = 1024**3
    company.account(name="张一", mailbox__usage_bytes=8 * gib, mailbox__quota_bytes=10 * gib)
    company.account(name="张二", mailbox__usage_bytes=3 * gib, mailbox__quota_bytes=0)
    company.account(name="张三", mailbox=False)

    page = text_of(administrator.get(LIST, {"q": "张"}))

    assert "8.0 / 10 GB" in page
    assert "bar--warn" in page
    assert "3 GB</span>" in page
    assert "无邮箱" in page


def test_a_member_of_several_departments_is_listed_with_the_primary_one(administrator, company):
    account = company.account(company.research, name="张伟")
    Membership.objects.create(account=account, department=company.sales)

    page = text_of(administrator.get(LIST, {"q": "张伟"}))

    assert 'title="研发中心、销售中心"' in page


def test_an_empty_department_offers_what_to_do_next(administrator, company):
    empty = DepartmentFactory(parent=company.research, name="新部门")

    page = text_of(administrator.get(LIST, {"department": empty.pk}))

    assert "“新部门”还没有帐号" in page


def test_a_search_without_a_hit_offers_to_clear_it(administrator, company):
    assert "没有符合条件的帐号" in text_of(administrator.get(LIST, {"q": "不存在"}))


def test_an_auditor_is_offered_no_change(client, company):
    auditor = company.account(name="审计员")
    grant(auditor, AUDITOR, company.root)
    client.force_login(auditor)

    page = text_of(client.get(LIST))

    for address in ("create/", "import/", "move/", "status/", "export/"):
        assert f"{LIST}{address}" not in page


def test_a_row_offers_only_what_its_primary_department_allows(of_sales, company):
    shared = company.account(company.research, name="张伟")
    Membership.objects.create(account=shared, department=company.sales)

    page = text_of(of_sales.get(LIST, {"q": "张伟"}))

    assert f"move/?id={shared.pk}" in page
    assert f"status/?id={shared.pk}" not in page


def test_the_list_takes_as_many_queries_with_ten_accounts_as_with_a_thousand(
    administrator, company
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(administrator.get(LIST, {"size": "100"}))
        return len(captured)

    AccountFactory.create_batch(
        8, organization=company.organization, domain=company.domain, department=company.research
    )
    administrator.get(LIST)
    with_ten = queries()
    for _ in range(990):
        company.account(company.export, password="!")
    with_many = queries()

    assert with_ten == with_many


def test_the_export_has_what_the_filter_shows(administrator, company):
    account = company.account(
        company.export, name="张伟", local_part="wei", employee_no="YQ-1", mobile="13800001234"
    )
    alias(account, "zw@yunqi.example")
    company.account(company.research, name="李娜")

    lines = csv_of(administrator.post(f"{EXPORT}?q=zhang"))

    assert len(lines) == 2
    assert lines[0].startswith("姓名,邮箱地址,别名,部门,工号")
    assert "张伟,wei@yunqi.example,zw@yunqi.example,销售中心 / 华东大区,YQ-1," in lines[1]


def test_the_export_makes_formulas_harmless(administrator, company):
    company.account(name="=cmd|' /C calc'!A0")

    lines = csv_of(administrator.post(EXPORT))

    assert any(line.startswith("'=cmd") for line in lines)


def test_the_export_leaves_a_record(administrator, company):
    company.account(name="张伟")

    csv_of(administrator.post(f"{EXPORT}?q=zhang&department={company.sales.pk}"))

    record = AuditRecord.objects.get(action="account.exported")
    assert record.target_name == "销售中心"
    assert record.after == {"accounts": 1, "with_below": True, "search": "zhang"}


def test_the_export_of_a_department_administrator_has_only_theirs(of_sales, company):
    company.account(company.research, name="研发张伟")

    lines = csv_of(of_sales.post(EXPORT))
    foreign = of_sales.post(f"{EXPORT}?department={company.research.pk}")

    assert not any("研发张伟" in line for line in lines)
    assert foreign.status_code == 404


def test_the_export_takes_few_queries_however_many_accounts(administrator, company):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            csv_of(administrator.post(EXPORT))
        return len(captured)

    company.account()
    with_few = queries()
    for _ in range(300):
        company.account(password="!")

    assert queries() == with_few


def test_the_menu_and_the_department_page_lead_to_the_list(administrator, company):
    page = text_of(administrator.get(reverse("orgs:department-list")))

    assert f'href="{LIST}"' in page
    assert f'href="{LIST}?department={company.root.pk}"' in page


def test_the_home_page_leads_to_the_accounts_that_need_somebody(administrator, company):
    company.account(name="张伟", expires_at=timezone.now() + timedelta(days=3))
    company.account(name="李娜", mailbox__quota_bytes=100, mailbox__usage_bytes=95)

    home = text_of(administrator.get("/console/"))
    expiring = text_of(administrator.get(f"{LIST}?status=expiring"))

    assert f'href="{LIST}?status=expiring"' in home
    assert f'href="{LIST}?sort=-usage"' in home
    assert "张伟" in expiring
    assert "李娜" not in expiring
