"""What the console says of deletion must happen to the mail."""

import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Deletion, Mailbox
from accounts.presets import FULL_ADMINISTRATOR
from accounts.services.purge import purge_expired
from admin_platform import job_runner
from admin_platform.models import Job
from mail_server.stores import mail_store
from tests.factories.accounts import AccountFactory, grant
from tests.mail_plane.letters import meaning
from tests.mail_server.conftest import inbox, letter, send, subjects

OUTSIDER = "friend@elsewhere.example"
DELETE, RESTORE = "/console/accounts/delete/", "/console/accounts/deleted/restore/"


@pytest.fixture
def leaver(transactional_db) -> Account:
    return AccountFactory(name="赵/离", local_part="leaver")


@pytest.fixture
def heir(leaver) -> Account:
    return AccountFactory(organization=leaver.organization, domain=leaver.domain)


@pytest.fixture
def console(client, leaver):
    administrator = AccountFactory(organization=leaver.organization, domain=leaver.domain)
    grant(administrator, FULL_ADMINISTRATOR)
    client.force_login(administrator)
    return client


def delete(console, account, **data) -> None:
    response = console.post(DELETE, {"ids": str(account.pk), "mail": "delete", **data})
    assert response.status_code == 302, response.content.decode()


def run_jobs() -> None:
    for job in Job.objects.filter(state__in=Job.UNFINISHED):
        job_runner.run(job.pk)


def week_passes() -> None:
    Deletion.objects.update(deleted_at=timezone.now() - timedelta(days=7, minutes=1))


def folders(account: Account) -> dict[str, int]:
    found = mail_store().folders(account.mailbox.store_path)
    return {folder.name: folder.total for folder in found if folder.total}


def test_a_deleted_account_neither_sends_nor_receives_until_it_is_restored(smtp, console, leaver):
    delete(console, leaver)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(leaver)
    answers = send(smtp(), OUTSIDER, leaver.address)
    console.post(RESTORE, {"id": str(leaver.pk)})

    assert [meaning(answer) for answer in answers] == [(550, "5.2.1 Mailbox disabled")]
    smtp(leaver)
    assert send(smtp(), OUTSIDER, leaver.address, message=letter("Back"))[0][0] == 250
    assert subjects(leaver) == ["Back"]


def test_mail_backed_up_is_a_folder_tree_of_the_heir_counted_and_found(smtp, console, leaver, heir):
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract", body="hippopotamus"))
    store = mail_store()
    store.create_folder(leaver.mailbox.store_path, "项目/二期")
    store.deliver(
        leaver.mailbox.store_path, letter("Plan").as_bytes(), unique="1", folder="项目/二期"
    )
    send(smtp(), OUTSIDER, heir.address, message=letter("Own"))

    delete(console, leaver, mail="keep", heir=str(heir.pk))
    run_jobs()

    top = "赵-离的邮箱备份（leaver）"
    assert folders(heir) == {"INBOX": 1, f"{top}/INBOX": 1, f"{top}/项目/二期": 1}
    found = store.search(heir.mailbox.store_path, "hippopotamus")
    assert [envelope.subject for envelope in found] == ["Contract"]
    usage = Mailbox.objects.get(account=heir).usage_bytes
    assert usage == store.usage(heir.mailbox.store_path) > 0
    assert Deletion.objects.get(account=leaver).attached_at is not None


def test_mail_stays_with_the_heir_when_the_account_is_removed_for_good(smtp, console, leaver, heir):
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract"))
    delete(console, leaver, mail="keep", heir=str(heir.pk))
    run_jobs()
    late = letter("Late").as_bytes()
    mail_store().deliver(leaver.mailbox.store_path, late, unique="late")
    week_passes()

    purge_expired()

    assert list(folders(heir).values()) == [2]
    assert mail_store().usage(leaver.mailbox.store_path) == 0
    (answer,) = send(smtp(), OUTSIDER, leaver.address)
    assert meaning(answer) == (550, "5.1.1 No such mailbox here")


def test_mail_that_no_job_has_moved_yet_is_moved_before_the_account_is_removed(
    smtp, console, leaver, heir
):
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract"))
    delete(console, leaver, mail="keep", heir=str(heir.pk))
    week_passes()

    purge_expired()

    assert list(folders(heir).values()) == [1]


def test_deleted_directly_the_mail_is_gone_after_seven_days(smtp, console, leaver):
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract"))
    path = leaver.mailbox.store_path
    delete(console, leaver)
    kept = subjects(leaver)
    week_passes()

    purge_expired()

    assert kept == ["Contract"]
    assert mail_store().usage(path) == 0


def test_a_job_that_is_repeated_moves_no_message_twice(smtp, console, leaver, heir):
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract"))
    delete(console, leaver, mail="keep", heir=str(heir.pk))
    run_jobs()
    Deletion.objects.update(attached_at=None)
    Job.objects.update(state=Job.State.QUEUED, done=0)

    run_jobs()

    assert list(folders(heir).values()) == [1]
    assert inbox(heir) == []
