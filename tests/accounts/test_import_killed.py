"""A worker killed with -9 in the middle of an import: all is there in the end, and once."""

import random
import threading
from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Account, AccountImport, Address, Mailbox, Membership
from accounts.services.imports import confirm_import
from admin_platform.models import AuditRecord, Job
from mail_server.stores.maildir import MaildirStore
from orgs.models import Department
from tests.accounts.imports import upload, xlsx_of
from tests.processes import kill, output_of, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 1000
DEATHS = 3
WORKER = ("-m", "tests.accounts.import_worker", "50")


@pytest.fixture
def var(tmp_path, settings):
    """The state that workers share: they find uploads and mailboxes below it."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def company(company):
    company.organization.storage_bytes = 0  # no limit
    company.organization.save()
    return company


def people(count):
    """Some have typed passwords, every tenth an alias; every hundredth is wrong."""
    for n in range(count):
        password = "Stiller-Hafen-19" if n % 25 == 0 else ""
        alias = f"a{n}" if n % 10 == 0 else ""
        department = f"新部门/第{n % 7}组" if n % 2 else "研发中心"
        name = "" if n % 100 == 50 else f"张 {n}"
        yield [f"user{n}", name, department, password, alias]


def progress(job_id):
    return Job.objects.filter(pk=job_id).values_list("done", "failed", "state").get()


def work_through_deaths(job_id, var, total, dice):
    """Run workers that are killed at moments spread over the job, and one that ends it."""
    for death in range(1, DEATHS + 1):
        with running(*WORKER, var=var) as worker:
            goal = total * death // (DEATHS + 2)
            wait_until(lambda goal=goal: sum(progress(job_id)[:2]) >= goal)
            threading.Event().wait(dice.random() * 0.08)
            kill(worker)
        # What time would bring.
        Job.objects.filter(pk=job_id).update(lease_until=timezone.now())
    with running(*WORKER, var=var) as worker:
        assert worker.wait(120) == 0, output_of(var).read_text()


def test_an_import_whose_workers_are_killed_is_complete_and_nothing_is_there_twice(company, var):
    dice = random.Random(20261125)
    headings = ["帐号", "姓名", "部门", "密码", "别名"]
    before = Account.objects.count()
    account_import = upload(
        company, xlsx_of(*people(ROWS), headings=headings), create_departments=True
    )

    work_through_deaths(account_import.job_id, var, ROWS, dice)
    account_import.refresh_from_db()
    assert (account_import.state, account_import.good_rows) == (AccountImport.State.CHECKED, 990)
    confirm_import(account_import=account_import, actor=company.full)
    account_import.refresh_from_db()
    work_through_deaths(account_import.job_id, var, 990, dice)

    account_import.refresh_from_db()
    assert account_import.state == AccountImport.State.DONE
    assert (account_import.imported_rows, account_import.bad_rows) == (990, 10)
    assert progress(account_import.job_id) == (990, 0, Job.State.SUCCEEDED)
    made = Account.objects.filter(local_part__startswith="user")
    assert made.count() == Account.objects.count() - before == 990
    assert Address.objects.filter(account__in=made).count() == 990 + 90
    assert Membership.objects.filter(account__in=made, is_primary=True).count() == 990
    assert Department.objects.filter(parent__name="新部门").count() == 7
    records = AuditRecord.objects.filter(batch=account_import.batch)
    assert Counter(records.values_list("action", flat=True)) == {
        "account.created": 990,
        "account.imported": 1,
    }
    assert set(welcome_letters(made, var).values()) == {1}


def welcome_letters(made, var):
    """How many letters each new mailbox holds."""
    store = MaildirStore(var / "mail" / "boxes")
    paths = Mailbox.objects.filter(account__in=made).values_list("store_path", flat=True)
    found = {path: len(store.listing(path, "INBOX")) for path in paths}
    assert len(found) == 990
    return found


def test_an_import_of_all_or_nothing_that_is_killed_leaves_nothing_until_it_leaves_all(
    company, var
):
    account_import = upload(company, xlsx_of(*([f"user{n}", "张", "研发中心"] for n in range(400))))
    with running(*WORKER, var=var) as worker:
        assert worker.wait(60) == 0
    confirm_import(account_import=account_import, actor=company.full, all_or_nothing=True)
    account_import.refresh_from_db()
    made = Account.objects.filter(local_part__startswith="user")

    with running(*WORKER, var=var) as worker:
        wait_until(lambda: progress(account_import.job_id)[2] == Job.State.RUNNING)
        kill(worker)
    seen = made.count()
    Job.objects.filter(pk=account_import.job_id).update(lease_until=timezone.now())
    with running(*WORKER, var=var) as worker:
        assert worker.wait(60) == 0

    assert seen in (0, 400)
    assert made.count() == 400
