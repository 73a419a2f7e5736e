"""Writing the good rows: as single creation would, once, or not at all."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts import signals
from accounts.choices import AddressKind
from accounts.models import Account, AccountImport, Address, ImportRow, Mailbox
from accounts.services.accounts import Person, create_account
from accounts.services.import_write import import_step
from accounts.services.imports import (
    ImportNotReady,
    confirm_import,
    discard_import,
    download_passwords,
    forget_passwords,
    recheck_import,
    tidy_imports,
)
from accounts.services.mailboxes import MailboxSettings
from admin_platform import jobs
from admin_platform.models import AuditRecord, Job
from orgs.models import Department
from orgs.selectors.organizations import seats_used
from tests.accounts.imports import HEADINGS, checked, imported, problems, work, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def people(count: int, *, department="研发中心"):
    return [[f"user{n}", f"张 {n}", department] for n in range(count)]


def test_all_that_a_row_says_is_written(company):
    headings = ["帐号", "姓名", "部门", "手机号", "工号", "职务", "邮箱空间(GB)", "别名", "有效期"]
    row = [
        "Wei.Zhang",
        "张伟",
        "研发中心",
        "+86 138 0000 1111",
        "00123",
        "工程师",
        "2",
        "zw",
        "2099-12-31",
    ]

    account_import = imported(company, xlsx_of(row, headings=headings))

    account = Account.objects.get(address="wei.zhang@yunqi.example")
    assert account_import.state == AccountImport.State.DONE
    assert account_import.imported_rows == 1
    assert (account.name, account.pinyin) == ("张伟", "zhangwei zw")
    assert (account.mobile, account.employee_no, account.title) == (
        "13800001111",
        "00123",
        "工程师",
    )
    assert account.expires_at.isoformat() == "2099-12-31T16:00:00+00:00"
    assert account.must_change_password
    assert account.mailbox.quota_bytes == 2 * 1024**3
    assert [m.department for m in account.memberships.filter(is_primary=True)] == [company.research]
    assert set(account.addresses.values_list("address", "kind")) == {
        ("wei.zhang@yunqi.example", AddressKind.PRIMARY),
        ("zw@yunqi.example", AddressKind.ALIAS),
    }


def test_an_imported_account_is_like_one_that_was_created_by_itself(company):
    imported(company, xlsx_of(["ada", "Ada", "研发中心"]))
    create_account(
        departments=[company.research],
        domain=company.domain,
        local_part="bob",
        person=Person(name="Ada"),
        actor=company.full,
        mailbox=MailboxSettings(quota_bytes=company.organization.default_quota_bytes),
    )

    one, other = (Account.objects.get(local_part=name) for name in ("ada", "bob"))
    own = {"id", "local_part", "address", "password", "password_changed_at", "created_at"}
    own |= {"updated_at", "search_text", "account_id", "store_path"}
    for mine, its in ((one, other), (one.mailbox, other.mailbox)):
        for field in mine._meta.concrete_fields:
            if field.attname not in own:
                assert getattr(mine, field.attname) == getattr(its, field.attname), field.attname


def test_an_account_without_a_mailbox_has_none(company):
    imported(company, xlsx_of(["ada", "Ada", "研发中心", "否"], headings=[*HEADINGS, "创建邮箱"]))

    assert not Account.objects.get(local_part="ada").has_mailbox


def test_many_rows_go_in_and_are_counted_once(company):
    before = seats_used(company.organization)

    account_import = imported(company, xlsx_of(*people(4500)))

    assert account_import.imported_rows == 4500
    assert account_import.job.done == 4500
    assert seats_used(company.organization) == before + 4500 or company.organization.seats < 4500


@pytest.fixture(autouse=True)
def _room(company):
    company.organization.seats = 10_000
    company.organization.storage_bytes = 0
    company.organization.save()


@pytest.mark.parametrize("all_or_nothing", [False, True])
def test_rows_go_into_many_departments_that_are_created_for_them(company, all_or_nothing):
    rows = [[f"user{n}", "张", f"新中心/第 {n % 9} 组"] for n in range(30)]

    account_import = imported(
        company, xlsx_of(*rows), create_departments=True, all_or_nothing=all_or_nothing
    )

    assert (account_import.imported_rows, account_import.bad_rows) == (30, 0)


def test_more_rows_are_no_more_queries(company):
    taken = []
    for count in (5, 50):
        rows = [[f"user{count}.{n}", "张", "研发中心"] for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            imported(company, xlsx_of(*rows))
        taken.append(len(queries))

    assert taken[1] <= taken[0]


def test_one_sees_even_a_small_file_move(company):
    account_import = checked(company, xlsx_of(*people(200)))
    confirm_import(account_import=account_import, actor=company.full)
    account_import.refresh_from_db()
    seen = []
    while import_step(account_import.job):
        seen.append(account_import.job.done)

    assert seen == [50, 100, 150, 200]


def test_bad_rows_stay_out_and_good_ones_go_in(company):
    account_import = imported(company, xlsx_of(*people(2), ["!", "X", "研发中心"]))

    assert (account_import.imported_rows, account_import.bad_rows) == (2, 1)
    assert list(problems(account_import)) == [4]


def test_the_welcome_letters_are_asked_for_in_bulk(company):
    told = []

    def listen(mailbox_ids, actor, **_):
        told.append((len(mailbox_ids), actor.name))

    signals.mailboxes_created.connect(listen)
    try:
        imported(company, xlsx_of(*people(3)))
    finally:
        signals.mailboxes_created.disconnect(listen)

    assert told == [(3, company.administrator.name)]


def test_one_record_for_the_import_and_one_for_each_account_share_a_batch(company):
    account_import = imported(company, xlsx_of(*people(2)))

    records = AuditRecord.objects.filter(batch=account_import.batch).order_by("action")
    assert [record.action for record in records] == [
        "account.created",
        "account.created",
        "account.imported",
    ]
    assert records[0].department_id == company.research.pk
    assert records[2].after == {"imported": 2, "not_imported": 0}


class TestDepartments:
    def test_missing_ones_are_created_on_the_way(self, company):
        account_import = imported(
            company, xlsx_of(["ada", "Ada", "研发中心/平台/存储"]), create_departments=True
        )

        made = Department.objects.get(name="存储")
        assert made.parent.name == "平台"
        assert Account.objects.get(local_part="ada").departments.get() == made
        assert account_import.imported_rows == 1

    def test_one_that_is_gone_meanwhile_keeps_its_rows_out(self, company):
        account_import = checked(
            company, xlsx_of(["ada", "Ada", "研发中心"], *people(1, department="销售中心"))
        )
        company.research.delete()

        confirm_import(account_import=account_import, actor=company.full)
        work(account_import)

        assert (account_import.imported_rows, account_import.bad_rows) == (1, 1)
        assert problems(account_import)[2][0][0] == "department"

    def test_one_that_left_the_scope_meanwhile_keeps_its_rows_out(self, company):
        account_import = checked(
            company, xlsx_of(*people(1, department="销售中心")), actor=company.of_sales
        )
        grant = company.sales_administrator.grants.get()
        confirm_import(account_import=account_import, actor=company.of_sales)
        grant.departments.set([company.research])

        work(account_import)

        assert (account_import.imported_rows, account_import.bad_rows) == (0, 1)


class TestLateConflicts:
    def test_an_address_taken_meanwhile_keeps_its_row_out(self, company):
        account_import = checked(company, xlsx_of(*people(3)))
        company.account(local_part="user1")

        confirm_import(account_import=account_import, actor=company.full)
        work(account_import)

        assert (account_import.imported_rows, account_import.bad_rows) == (2, 1)
        assert list(problems(account_import)) == [3]
        assert (account_import.job.done, account_import.job.failed) == (2, 1)

    def test_seats_taken_meanwhile_keep_rows_out(self, company):
        account_import = checked(company, xlsx_of(*people(3)))
        company.organization.seats = seats_used(company.organization) + 2
        company.organization.save()

        confirm_import(account_import=account_import, actor=company.full)
        work(account_import)

        assert (account_import.imported_rows, account_import.bad_rows) == (2, 1)


class TestAllOrNothing:
    def test_everything_goes_in(self, company):
        content = xlsx_of(
            *[[*row, "Quiet-Harbour-19"] for row in people(3)], headings=[*HEADINGS, "初始密码"]
        )

        account_import = imported(company, content, all_or_nothing=True)

        assert account_import.imported_rows == 3
        assert Account.objects.get(local_part="user1").check_password("Quiet-Harbour-19")

    def test_with_a_bad_row_it_cannot_be_asked_for(self, company):
        account_import = checked(company, xlsx_of(*people(1), ["!", "X", "研发中心"]))

        with pytest.raises(ImportNotReady):
            confirm_import(account_import=account_import, actor=company.full, all_or_nothing=True)

    def test_a_late_conflict_undoes_everything_and_says_why(self, company):
        account_import = checked(company, xlsx_of(*people(3)))
        company.account(local_part="user1")
        confirm_import(account_import=account_import, actor=company.full, all_or_nothing=True)

        work(account_import)

        assert account_import.job.state == Job.State.FAILED
        assert "Nothing was imported. Row 3" in account_import.job.error
        assert account_import.imported_rows == 0
        assert Account.objects.filter(local_part__startswith="user").count() == 1

    def test_after_that_it_can_be_checked_again_and_the_rest_goes_in(self, company):
        self.test_a_late_conflict_undoes_everything_and_says_why(company)
        account_import = AccountImport.objects.get()

        recheck_import(account_import=account_import, actor=company.full)
        work(account_import)
        confirm_import(account_import=account_import, actor=company.full)
        work(account_import)

        assert (account_import.imported_rows, account_import.bad_rows) == (2, 1)


class TestPasswords:
    def test_typed_ones_are_hashed_and_dropped(self, company):
        content = xlsx_of(
            ["ada", "Ada", "研发中心", "Quiet-Harbour-19"], headings=[*HEADINGS, "初始密码"]
        )

        account_import = imported(company, content, must_change_password=False)

        account = Account.objects.get(local_part="ada")
        assert account.password.startswith("argon2")
        assert account.check_password("Quiet-Harbour-19")
        assert not account.must_change_password
        row = account_import.rows.get()
        assert "password" not in row.values
        assert "password" not in row.clean

    def test_made_up_ones_can_be_downloaded_and_are_stored_nowhere(self, company):
        account_import = imported(company, xlsx_of(*people(3)), must_change_password=False)

        listed = list(download_passwords(account_import=account_import, actor=company.full))

        assert [address for _name, address, _password in listed] == [
            f"user{n}@yunqi.example" for n in range(3)
        ]
        assert len({password for *_, password in listed}) == 3
        for _name, address, password in listed:
            account = Account.objects.get(address=address)
            assert re.fullmatch(r"([A-Za-z2-9]{5}-){3}[A-Za-z2-9]{5}", password)
            assert check_password(password, account.password)
            assert account.must_change_password
        stored = str(list(AccountImport.objects.values())) + str(list(ImportRow.objects.values()))
        assert not any(password in stored for *_, password in listed)

    def test_downloading_leaves_a_record(self, company):
        account_import = imported(company, xlsx_of(*people(1)))

        download_passwords(account_import=account_import, actor=company.full)

        assert AuditRecord.objects.filter(
            action="account.initial_passwords_downloaded", actor_name=company.administrator.name
        ).exists()

    def test_a_password_that_was_changed_is_not_listed(self, company):
        account_import = imported(company, xlsx_of(*people(2)))
        account = Account.objects.get(local_part="user0")
        account.set_password("Another-Harbour-20")
        account.save()

        listed = list(download_passwords(account_import=account_import, actor=company.full))

        assert [address for _name, address, _password in listed] == ["user1@yunqi.example"]

    def test_the_list_can_be_dropped(self, company):
        account_import = imported(company, xlsx_of(*people(1)))

        forget_passwords(account_import=account_import, actor=company.full)

        with pytest.raises(ImportNotReady):
            download_passwords(account_import=account_import, actor=company.full)

    def test_after_a_day_seeds_and_typed_passwords_are_gone(self, company):
        from datetime import timedelta

        import time_machine as travel
        from django.utils import timezone

        content = xlsx_of(
            ["ada", "Ada", "研发中心", ""],
            ["!", "Bob", "研发中心", "Quiet-Harbour-19"],
            headings=[*HEADINGS, "初始密码"],
        )
        account_import = imported(company, content)

        with travel.travel(timezone.now() + timedelta(hours=25)):
            tidy_imports()

        account_import.refresh_from_db()
        assert account_import.seed == ""
        assert account_import.rows.get(number=3).values["password"] == "-"
        recheck_import(account_import=account_import, actor=company.full)
        work(account_import)
        assert ("password", "") in [found[:2] for found in problems(account_import)[3]]


class TestDeciding:
    def test_nothing_is_imported_on_wish(self, company):
        account_import = checked(company, xlsx_of(*people(1)))

        discard_import(account_import=account_import, actor=company.full)

        account_import.refresh_from_db()
        assert account_import.state == AccountImport.State.DISCARDED
        assert not Account.objects.filter(local_part="user0").exists()

    def test_two_decisions_at_once_count_once(self, company):
        account_import = checked(company, xlsx_of(*people(1)))
        confirm_import(account_import=account_import, actor=company.full)

        with pytest.raises(ImportNotReady):
            confirm_import(account_import=account_import, actor=company.full)
        with pytest.raises(ImportNotReady):
            discard_import(account_import=account_import, actor=company.full)

    def test_a_stopped_import_keeps_whole_chunks_and_goes_on(self, company, monkeypatch):
        from accounts.services import import_check

        monkeypatch.setattr(import_check, "ROWS_PER_STEP", 10)
        account_import = checked(company, xlsx_of(*people(35)))
        confirm_import(account_import=account_import, actor=company.full)
        stops = []

        def stop_once(**_):
            if len(stops) == 1:
                jobs.cancel(job=Job.objects.get(pk=account_import.job_id), actor=company.full)
            stops.append(1)

        account_import.refresh_from_db()
        signals.mailboxes_created.connect(stop_once)
        try:
            work(account_import)
        finally:
            signals.mailboxes_created.disconnect(stop_once)
        assert account_import.job.state == Job.State.CANCELLED
        assert account_import.imported_rows == 20
        assert Account.objects.filter(local_part__startswith="user").count() == 20

        jobs.resume(job=account_import.job, actor=company.full)
        work(account_import)

        assert account_import.state == AccountImport.State.DONE
        assert Account.objects.filter(local_part__startswith="user").count() == 35
        assert Mailbox.objects.filter(account__local_part__startswith="user").count() == 35
        assert Address.objects.filter(local_part__startswith="user").count() == 35
