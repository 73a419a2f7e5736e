import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Account, AccountImport
from admin_platform.models import Job
from tests.accounts.imports import HEADINGS, checked, imported, upload, work, xlsx_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name, account_import=None):
    args = [account_import.pk] if account_import else []
    return reverse(f"account-imports:{name}", args=args)


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


def test_a_file_goes_all_the_way_from_upload_to_the_list_of_passwords(administrator, company):
    file = SimpleUploadedFile("people.xlsx", xlsx_of(["ada", "Ada", "研发中心"], ["!", "B", ""]))
    answer = administrator.post(url("start"), {"file": file, "domain": company.domain.pk})
    account_import = AccountImport.objects.get()
    assert answer["Location"] == url("detail", account_import)

    work(account_import)
    page = administrator.get(url("detail", account_import)).content.decode()
    assert "导入 1 个帐号" in page
    assert "有问题的行" in page

    administrator.post(url("confirm", account_import), {"mode": "good"})
    work(account_import)
    page = administrator.get(url("detail", account_import)).content.decode()
    assert "已导入 1 个帐号" in page

    passwords = administrator.post(url("passwords", account_import))
    assert "ada@yunqi.example" in b"".join(passwords.streaming_content).decode("utf-8-sig")
    assert Account.objects.filter(address="ada@yunqi.example").exists()


def test_a_form_without_a_file_is_refused(administrator, company):
    answer = administrator.post(url("start"), {"domain": company.domain.pk})

    assert answer.status_code == 422
    assert "请选择文件" in answer.content.decode()


def test_another_kind_of_file_is_refused_by_its_name(administrator, company):
    file = SimpleUploadedFile("people.pdf", b"%PDF-1.7")

    answer = administrator.post(url("start"), {"file": file, "domain": company.domain.pk})

    assert answer.status_code == 422
    assert "请上传 Excel 文件" in answer.content.decode()


def test_the_template_offers_what_is_in_scope(client, company):
    client.force_login(company.sales_administrator)

    answer = client.get(url("template"))

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    listed = [row[1].value for row in book[book.sheetnames[2]].iter_rows(min_row=2)]
    assert [value for value in listed if value] == ["销售中心", "销售中心 / 华东大区"]


def test_the_template_comes_as_csv_too(administrator):
    answer = administrator.get(url("template"), {"format": "csv"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.startswith("帐号,姓名,域名,部门,初始密码")


def test_progress_is_polled_while_the_job_is_under_way_and_the_result_ends_it(
    administrator, company
):
    account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))

    running = administrator.get(url("detail", account_import), headers=HTMX)
    work(account_import)
    ended = administrator.get(url("detail", account_import), headers=HTMX)

    assert running.status_code == 200
    assert f'hx-get="{url("detail", account_import)}"' in running.content.decode()
    assert "<html" not in running.content.decode()
    assert ended.status_code == 286
    assert ended["HX-Retarget"] == "#state"
    assert "导入 1 个帐号" in ended.content.decode()


def test_without_scripts_a_link_reloads_the_page_while_the_job_is_under_way(administrator, company):
    account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))
    page = url("detail", account_import)
    link = f'<noscript><a class="btn btn--sm" href="{page}">'

    assert link in administrator.get(page).content.decode()

    work(account_import)
    assert link not in administrator.get(page).content.decode()


def test_the_page_of_a_job_leads_to_its_import(administrator, company):
    account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))

    answer = administrator.get(reverse("account-imports:of-job", args=[account_import.job_id]))

    assert answer["Location"] == url("detail", account_import)


def test_bad_rows_are_downloaded_as_typed_with_the_reason(administrator, company):
    content = xlsx_of(
        ["ada!", "=Ada", "研发中心", "Quiet-Harbour-19"], headings=[*HEADINGS, "初始密码"]
    )
    account_import = checked(company, content)

    answer = administrator.get(url("corrections", account_import))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    cells = dict(zip((c.value for c in sheet[1]), (c.value for c in sheet[2]), strict=True))
    assert cells["帐号*"] == "ada!"
    assert cells["初始密码"] == "Quiet-Harbour-19"
    assert "帐号" in cells["问题"]


def test_typed_passwords_are_given_back_to_nobody_else(client, company):
    content = xlsx_of(
        ["ada!", "Ada", "销售中心", "Quiet-Harbour-19"], headings=[*HEADINGS, "初始密码"]
    )
    account_import = checked(company, content, actor=company.of_sales)
    client.force_login(company.administrator)

    answer = client.get(url("corrections", account_import))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert "Quiet-Harbour-19" not in [cell.value for cell in sheet[2]]


def test_what_acts_takes_post_only(administrator, company):
    account_import = checked(company, xlsx_of(["ada", "Ada", "研发中心"]))

    for name in ("confirm", "recheck", "discard", "passwords", "forget"):
        assert administrator.get(url(name, account_import)).status_code == 405


def test_a_department_administrator_does_not_find_others_imports(client, company):
    account_import = imported(company, xlsx_of(["ada", "Ada", "研发中心"]))
    client.force_login(company.sales_administrator)

    for name in ("detail", "corrections"):
        assert client.get(url(name, account_import)).status_code == 404
    for name in ("confirm", "recheck", "discard", "passwords", "forget"):
        assert client.post(url(name, account_import)).status_code == 404


def test_who_lacks_the_function_is_refused(client, company):
    client.force_login(company.account())

    assert client.get(url("start")).status_code == 403


def test_a_decision_that_comes_too_late_is_told(administrator, company):
    account_import = imported(company, xlsx_of(["ada", "Ada", "研发中心"]))

    page = administrator.post(url("discard", account_import), follow=True).content.decode()

    assert "此导入的状态已变化" in page
    assert Account.objects.filter(local_part="ada").exists()


def test_a_failed_job_offers_to_go_on(administrator, company):
    account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))
    Job.objects.filter(pk=account_import.job_id).update(state=Job.State.FAILED, error="as asked")

    page = administrator.get(url("detail", account_import)).content.decode()

    assert "as asked" in page
    assert reverse("job-resume", args=[account_import.job_id]) in page
    assert administrator.get(url("start")).status_code == 200
