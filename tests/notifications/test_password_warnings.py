from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import timezone

from accounts.choices import AccountStatus
from admin_platform import job_runner
from admin_platform.models import Job
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX
from security.models import PasswordRule, PasswordWarning
from security.services.password_expiry import warn_of_expiry
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MAIL_STORE_DIR = tmp_path


@pytest.fixture
def organization():
    organization = OrganizationFactory()
    PasswordRule.objects.create(
        organization=organization, expiry_days=30, warning_days=7, expire_clients=True
    )
    return organization


def member(organization, days_left, **fields):
    changed = timezone.now() - timedelta(days=30) + timedelta(days=days_left, minutes=-1)
    return AccountFactory(organization=organization, password_changed_at=changed, **fields)


def deliver():
    for job in Job.objects.filter(finished_at=None):
        job_runner.run(job.pk)


def letters(account):
    store, path = mail_store(), account.mailbox.store_path
    return [
        message_from_bytes(store.read(path, INBOX, entry.key), policy=default)
        for entry in store.listing(path, INBOX)
    ]


def test_a_member_is_told_when_the_days_of_warning_begin_and_on_the_last_day(organization):
    account = member(organization, 7)

    warn_of_expiry()
    account.password_changed_at -= timedelta(days=6)
    account.save()
    PasswordWarning.objects.update(password_changed_at=account.password_changed_at)
    warn_of_expiry()
    deliver()

    assert len(letters(account)) == 2


@pytest.mark.parametrize("days_left", [8, -1])
def test_nobody_is_told_too_early_or_too_late(organization, days_left):
    member(organization, days_left)

    assert warn_of_expiry() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"status": AccountStatus.DISABLED},
        {"deleted_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_accounts_out_of_use_are_left_alone(organization, fields):
    member(organization, 3, **fields)

    assert warn_of_expiry() == 0


def test_an_organization_without_expiry_sends_nothing():
    member(OrganizationFactory(), 3)

    assert warn_of_expiry() == 0


def test_the_task_may_run_as_often_as_it_likes(organization):
    accounts = [member(organization, 3) for _ in range(3)]

    assert [warn_of_expiry(), warn_of_expiry()] == [3, 0]
    deliver()

    assert [len(letters(account)) for account in accounts] == [1, 1, 1]


def test_the_letter_says_when_and_where(organization):
    account = member(organization, 3, name="李明")

    warn_of_expiry()
    deliver()

    (letter,) = letters(account)
    text = letter.get_body(("plain",)).get_content()
    expires_at = timezone.localtime(account.password_changed_at + timedelta(days=30))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert f"{expires_at:%Y-%m-%d %H:%M}" in letter["Subject"]
    assert f"{expires_at:%Y-%m-%d %H:%M}" in text
    assert "/password/change/" in text
    assert "李明" in text


def test_who_changed_the_password_meanwhile_gets_no_letter(organization):
    account = member(organization, 3)
    warn_of_expiry()

    account.password_changed_at = timezone.now()
    account.save()
    deliver()

    assert letters(account) == []


def test_an_account_without_a_mailbox_stops_nobody_else_s_letter(organization):
    member(organization, 3, mailbox=False)
    account = member(organization, 3)

    warn_of_expiry()
    deliver()

    assert len(letters(account)) == 1
    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (Job.State.SUCCEEDED, 1, 1)
