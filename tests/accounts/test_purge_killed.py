"""Workers killed with -9 while mail is moved and accounts are removed: all happens once."""

import random
import threading

import pytest
from django.utils import timezone

from accounts.models import Account, Address, Deletion, Mailbox
from accounts.services.deletion import delete_accounts
from accounts.services.purge import purge_accounts
from admin_platform.models import AuditRecord, Job
from mail_server.stores.maildir import MaildirStore
from tests.processes import kill, output_of, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS, MESSAGES, DEATHS = 120, 5, 3
WORKER = ("-m", "tests.platform.job_worker")


def work_through_deaths(job: Job, var, dice) -> None:
    """Run workers that are killed at moments spread over the job, and one that ends it."""
    for death in range(1, DEATHS + 1):
        with running(*WORKER, var=var) as worker:
            goal = ACCOUNTS * death // (DEATHS + 2)
            wait_until(lambda goal=goal: Job.objects.filter(pk=job.pk, done__gte=goal).exists())
            threading.Event().wait(dice.random() * 0.05)
            kill(worker)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())  # what time would bring
    with running(*WORKER, var=var) as worker:
        assert worker.wait(120) == 0, output_of(var).read_text()
    job.refresh_from_db()
    assert (job.state, job.done) == ("succeeded", ACCOUNTS)


def messages(store: MaildirStore, heir: Account) -> list[str]:
    path = heir.mailbox.store_path
    return [
        envelope.subject
        for folder in store.folders(path)
        for envelope in store.listing(path, folder.name)
    ]


def test_killed_workers_move_all_mail_and_remove_just_the_right_accounts(company, tmp_path):
    dice, store = random.Random(20261125), MaildirStore(tmp_path / "mail" / "boxes")
    heir, staying = company.account(), company.account()
    leavers = [company.account(password="!") for _ in range(ACCOUNTS)]
    expected = [f"{leaver.pk}-{n}" for leaver in leavers for n in range(MESSAGES)]
    for subject in expected:
        path = Mailbox.objects.get(account=subject.partition("-")[0]).store_path
        store.deliver(path, f"Subject: {subject}\r\n\r\n".encode(), unique=subject)
    ids = [leaver.pk for leaver in leavers]

    delete_accounts(account_ids=ids, heir=heir, actor=company.full)
    work_through_deaths(Job.objects.get(kind="mail.attach"), tmp_path, dice)
    purge = purge_accounts(account_ids=ids, actor=company.full)
    work_through_deaths(purge, tmp_path, dice)

    assert sorted(messages(store, heir)) == sorted(expected)
    assert not Account.objects.filter(pk__in=ids).exists()
    assert not Deletion.objects.exists()
    assert Address.objects.filter(account__in=[heir, staying]).count() == 2
    assert AuditRecord.objects.filter(action="account.purged").count() == ACCOUNTS
    assert {p.name for p in store.root.iterdir()} == {heir.mailbox.store_path}
