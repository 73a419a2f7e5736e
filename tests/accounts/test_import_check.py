"""What is found in an uploaded file before anything is written."""

import io

import pytest
from django.core.files.storage import default_storage
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.errors import DepartmentOutOfScope, DomainNotUsable
from accounts.models import Account, AccountImport, ImportRow
from accounts.services.imports import recheck_import
from admin_platform import jobs
from admin_platform.models import Job
from tests.accounts.imports import (
    HEADINGS,
    checked,
    csv_of,
    problems,
    upload,
    work,
    xlsx_of,
)
from tests.factories.accounts import alias
from tests.factories.orgs import DomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def one_problem(company, *cells: object, headings=HEADINGS, **options):
    account_import = checked(company, xlsx_of(cells, headings=headings), **options)
    ((number, found),) = problems(account_import).items()
    assert number == 2
    (problem,) = found
    return problem


def clean(account_import) -> list[dict]:
    return [row.clean for row in account_import.rows.order_by("number")]


def test_good_rows_wait_for_a_decision_and_nothing_is_written(company):
    content = xlsx_of(
        ["wei.zhang", "张伟", "销售中心 / 华东大区"], ["Ada@yunqi.example", "Ada", "研发中心"]
    )
    before = Account.objects.count()

    account_import = checked(company, content)

    assert account_import.state == AccountImport.State.CHECKED
    assert (account_import.total_rows, account_import.good_rows) == (2, 2)
    assert [row["address"] for row in clean(account_import)] == [
        "wei.zhang@yunqi.example",
        "ada@yunqi.example",
    ]
    assert [row["department_id"] for row in clean(account_import)] == [
        company.export.pk,
        company.research.pk,
    ]
    assert Account.objects.count() == before


def test_the_uploaded_file_is_gone_once_its_rows_are_read(
    company, django_capture_on_commit_callbacks
):
    account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))
    name = account_import.file.name
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        work(account_import)

    assert not default_storage.exists(name)
    assert account_import.file.name == ""


def test_a_typed_password_is_never_in_the_database_in_the_clear(company):
    content = xlsx_of(
        ["ada", "Ada", "研发中心", "Quiet-Harbour-19"], headings=[*HEADINGS, "初始密码"]
    )

    account_import = checked(company, content)

    row = account_import.rows.get()
    assert row.state == ImportRow.State.GOOD
    assert "Harbour" not in str(row.values) + str(row.clean)


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ("", "Enter the account"),
        ("xiaolan!gu", "Use lower-case letters"),
        ("a" * 65, "longer than 64"),
        ("postmaster", "reserved"),
        ("ada@elsewhere.example", "not a domain for addresses of this organization"),
        ("ada@@yunqi.example", "not a domain"),
    ],
)
def test_a_bad_address_is_told(company, account, reason):
    column, value, told = one_problem(company, account, "Ada", "研发中心")

    assert (column, value) == ("account", account)
    assert reason in told


@pytest.mark.parametrize(
    ("heading", "code", "value", "reason"),
    [
        ("手机号", "mobile", "138000011", "11 digits"),
        ("邮箱空间(GB)", "quota", "viel", "not a number of GB"),
        ("邮箱空间(GB)", "quota", "-1", "between 0"),
        ("别名", "aliases", "a@elsewhere.example", "not a domain"),
        ("别名", "aliases", ";".join(f"a{n}" for n in range(21)), "20 aliases"),
        ("创建邮箱", "mailbox", "vielleicht", "Yes"),
        ("有效期", "expires", "31.12.2027", "2027-12-31"),
        ("有效期", "expires", "2020-01-31", "over"),
        ("有效期", "expires", "2027-02-31", "2027-12-31"),
        ("有效期", "expires", "9999-12-31", "earlier day"),
        ("域名", "domain", "elsewhere.example", "not a domain"),
        ("职务", "title", "x" * 65, "64"),
    ],
)
def test_a_bad_value_is_told_with_its_column(company, heading, code, value, reason):
    headings = [*HEADINGS, heading]

    column, told_value, told = one_problem(
        company, "ada", "Ada", "研发中心", value, headings=headings
    )

    assert (column, told_value) == (code, value)
    assert reason in told


def test_a_weak_password_is_told_without_being_shown(company):
    column, value, reason = one_problem(
        company, "ada", "Ada", "研发中心", "12345", headings=[*HEADINGS, "初始密码"]
    )

    assert (column, value) == ("password", "")
    assert reason


def test_a_row_without_a_name_is_told(company):
    assert one_problem(company, "ada", "", "研发中心")[0] == "name"


class TestDepartments:
    def test_an_unknown_department_is_told(self, company):
        column, value, reason = one_problem(company, "ada", "Ada", "研发中心/火星")

        assert (column, value) == ("department", "研发中心/火星")
        assert reason == "There is no department “研发中心 / 火星”."

    def test_a_department_of_a_like_name_is_suggested(self, company):
        _column, _value, reason = one_problem(company, "ada", "Ada", "华东大区")

        assert "“销售中心 / 华东大区”" in reason

    def test_the_name_of_the_organization_may_stand_before_the_path(self, company):
        account_import = checked(company, xlsx_of(["ada", "Ada", "云栖科技/研发中心"]))

        assert clean(account_import)[0]["department_id"] == company.research.pk

    def test_a_row_without_a_department_goes_into_the_chosen_one(self, company):
        account_import = checked(company, xlsx_of(["ada", "Ada", ""]), department=company.sales)

        assert clean(account_import)[0]["department_id"] == company.sales.pk

    def test_without_a_chosen_one_it_is_told(self, company):
        assert one_problem(company, "ada", "Ada", "")[0] == "department"

    def test_a_department_outside_the_scope_is_told(self, company):
        content = xlsx_of(["ada", "Ada", "研发中心"], ["bob", "Bob", "销售中心/华东大区"])

        account_import = checked(company, content, actor=company.of_sales)

        assert list(problems(account_import)) == [2]
        assert "outside" in problems(account_import)[2][0][2]

    def test_missing_departments_are_created_on_wish(self, company):
        content = xlsx_of(["ada", "Ada", "研发中心/平台/存储"], ["bob", "Bob", "研发中心/平台"])

        account_import = checked(company, content, create_departments=True)

        assert account_import.bad_rows == 0
        assert account_import.missing_departments == ["研发中心 / 平台", "研发中心 / 平台 / 存储"]

    def test_but_not_outside_the_scope_or_too_deep(self, company):
        deep = "/".join(["销售中心", *"abcdefghijklm"])
        content = xlsx_of(["ada", "Ada", "研发中心/平台"], ["bob", "Bob", deep])

        account_import = checked(company, content, create_departments=True, actor=company.of_sales)

        reasons = [found[0][2] for found in problems(account_import).values()]
        assert reasons == [
            "You may not create a department below “研发中心”.",
            "The tree can have 12 levels at most.",
        ]


class TestDuplicates:
    def test_an_address_that_is_twice_in_the_file_is_told_with_the_first_row(self, company):
        content = xlsx_of(
            ["ada", "Ada", "研发中心"], ["bob", "Bob", "研发中心"], ["ADA", "Ada 2", "研发中心"]
        )

        assert problems(checked(company, content)) == {
            4: [("account", "ada@yunqi.example", "Row 2 has it already.")]
        }

    def test_aliases_count_as_addresses(self, company):
        content = xlsx_of(
            ["ada", "Ada", "研发中心", ""],
            ["bob", "Bob", "研发中心", "b;ada"],
            ["cyd", "Cyd", "研发中心", "cyd"],
            headings=[*HEADINGS, "别名"],
        )

        found = problems(checked(company, content))

        assert {number: problem[0][0] for number, problem in found.items()} == {
            3: "aliases",
            4: "aliases",
        }

    def test_addresses_and_aliases_of_the_database_are_told(self, company):
        account = company.account(local_part="ada")
        alias(account, "lovelace@yunqi.example")
        content = xlsx_of(["ada", "Ada", "研发中心"], ["lovelace", "Ada", "研发中心"])

        found = problems(checked(company, content))

        assert {number: problem[0][1] for number, problem in found.items()} == {
            2: "ada@yunqi.example",
            3: "lovelace@yunqi.example",
        }

    def test_employee_numbers_are_unique_in_the_file_and_the_organization(self, company):
        company.account(employee_no="007")
        content = xlsx_of(
            ["ada", "Ada", "研发中心", "007"],
            ["bob", "Bob", "研发中心", "008"],
            ["cyd", "Cyd", "研发中心", "008"],
            headings=[*HEADINGS, "工号"],
        )

        found = problems(checked(company, content))

        assert {number: problem[0][0] for number, problem in found.items()} == {
            2: "employee_no",
            4: "employee_no",
        }


class TestLimits:
    def test_rows_beyond_the_seats_are_told(self, company):
        company.organization.seats = Account.objects.count() + 2
        company.organization.save()

        account_import = checked(
            company, xlsx_of(*[[f"user{n}", "Ada", "研发中心"] for n in range(3)])
        )

        assert list(problems(account_import)) == [4]
        assert "seats" in problems(account_import)[4][0][2]

    def test_rows_beyond_the_storage_are_told_and_smaller_ones_fit(self, company):
        company.organization.storage_bytes = 30 * 1024**3
        company.organization.save()
        content = xlsx_of(
            ["ada", "Ada", "研发中心", "9"],
            ["bob", "Bob", "研发中心", "9"],
            ["cyd", "Cyd", "研发中心", "1"],
            ["dan", "Dan", "研发中心", "0"],
            headings=[*HEADINGS, "邮箱空间"],
        )

        assert list(problems(checked(company, content))) == [3, 5]


class TestFiles:
    def refusal(self, company, content: bytes) -> str:
        account_import = checked(company, content)
        assert account_import.state == AccountImport.State.REFUSED
        assert not account_import.rows.exists()
        assert account_import.job.state == Job.State.SUCCEEDED
        return account_import.refusal

    def test_a_picture_called_xlsx_is_refused(self, company):
        assert "picture" in self.refusal(company, b"\x89PNG\r\n\x1a\n" + b"\0" * 99)

    def test_an_empty_table_is_refused(self, company):
        assert "no rows" in self.refusal(company, xlsx_of())

    def test_a_table_without_the_headings_is_refused(self, company):
        assert "heading" in self.refusal(company, xlsx_of(["ada", "Ada"], headings=["a", "b"]))

    def test_too_many_rows_are_refused_and_nothing_is_kept(self, company):
        rows = [["ada", "Ada", "研发中心"]] * 200_000

        assert "100,000" in self.refusal(company, csv_of(*rows))

    def test_a_zip_bomb_is_refused(self, company):
        import zipfile

        file = io.BytesIO(xlsx_of(["ada", "Ada", "研发中心"]))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/bomb", b"\0" * 50_000_000)

        assert "too large" in self.refusal(company, file.getvalue())

    def test_a_gbk_csv_file_is_read(self, company):
        account_import = checked(company, csv_of(["ada", "艾达", "研发中心"], encoding="gbk"))

        assert clean(account_import)[0]["name"] == "艾达"

    def test_a_merged_title_above_the_headings_is_passed_over(self, company):
        book = load_workbook(io.BytesIO(xlsx_of(["ada", "Ada", "研发中心"])))
        book.active.insert_rows(1)
        book.active["A1"] = "2026 春招"
        book.active.merge_cells("A1:C1")
        file = io.BytesIO()
        book.save(file)

        account_import = checked(company, file.getvalue())

        assert (account_import.good_rows, account_import.rows.get().number) == (1, 3)

    def test_formula_and_merged_cells_are_told_by_row_and_the_others_are_good(self, company):
        book = load_workbook(
            io.BytesIO(
                xlsx_of(
                    ["ada", "=A2", "研发中心"],
                    ["bob", "Bob", "研发中心"],
                    ["cyd", "Cyd", ""],
                    ["dan", "Dan", "研发中心"],
                )
            )
        )
        book.active.merge_cells("C3:C4")
        file = io.BytesIO()
        book.save(file)

        account_import = checked(company, file.getvalue())

        found = problems(account_import)
        assert sorted(found) == [2, 4]
        assert "formula" in found[2][0][2]
        assert "merged" in found[4][0][2]
        assert account_import.good_rows == 2

    def test_headings_that_are_not_known_are_told(self, company):
        content = xlsx_of(["ada", "Ada", "研发中心", "38"], headings=[*HEADINGS, "鞋码"])

        assert checked(company, content).ignored == ["鞋码"]


class TestUploading:
    def test_a_foreign_domain_is_refused(self, company):
        company.domain = DomainFactory()

        with pytest.raises(DomainNotUsable):
            upload(company, xlsx_of())

    def test_a_department_outside_the_scope_is_refused(self, company):
        with pytest.raises(DepartmentOutOfScope):
            upload(company, xlsx_of(), department=company.research, actor=company.of_sales)

    def test_who_has_lost_the_function_meanwhile_is_refused_in_the_job(self, company):
        account_import = upload(
            company, xlsx_of(["ada", "Ada", "销售中心"]), actor=company.of_sales
        )
        company.sales_administrator.grants.all().delete()

        work(account_import)

        assert account_import.job.state == Job.State.FAILED
        assert "no longer has this function" in account_import.job.error

    def test_a_cancelled_check_goes_on_where_it_stopped(self, company):
        account_import = upload(company, xlsx_of(["ada", "Ada", "研发中心"]))
        jobs.cancel(job=account_import.job, actor=company.full)
        jobs.resume(job=account_import.job, actor=company.full)

        work(account_import)

        assert account_import.state == AccountImport.State.CHECKED


def test_checking_again_sees_what_has_changed_and_keeps_what_was_told_of_cells(company):
    content = xlsx_of(["ada", "Ada", "研发中心/平台"], ["bob", "=A1", "研发中心"])
    account_import = checked(company, content)
    assert sorted(problems(account_import)) == [2, 3]
    from tests.factories.orgs import DepartmentFactory

    DepartmentFactory(parent=company.research, name="平台")

    recheck_import(account_import=account_import, actor=company.full)
    work(account_import)

    assert sorted(problems(account_import)) == [3]
    assert "formula" in problems(account_import)[3][0][2]
    assert (account_import.good_rows, account_import.bad_rows) == (1, 1)
