"""The first letter of a new mailbox (manual, 6.4.1)."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.core.files.storage import default_storage

from accounts.choices import ReceiveScope
from accounts.models import Mailbox
from accounts.services.accounts import Person, create_account
from accounts.services.mailboxes import MailboxSettings
from accounts.signals import mailboxes_created
from admin_platform import job_runner, jobs
from admin_platform.models import AuditRecord, Job
from mail_server.mime import File
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX, TRASH
from notifications.errors import AttachmentsTooLarge, AttachmentTypeRefused
from notifications.selectors.welcome import welcome_letter_of
from notifications.services import welcome
from notifications.services.welcome import change_welcome_letter
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def announce(*accounts):
    mailboxes_created.send(
        sender=Mailbox,
        mailbox_ids=[account.mailbox.pk for account in accounts],
        actor=system_operator(accounts[0].organization),
    )


def run_jobs():
    for job in Job.objects.filter(kind=welcome.JOB_KIND, state=Job.State.QUEUED):
        job_runner.run(job.pk)


def inbox(account, folder=INBOX):
    store, path = mail_store(), account.mailbox.store_path
    return [
        message_from_bytes(store.read(path, folder, e.key), policy=default)
        for e in store.listing(path, folder)
    ]


def change(letter, **values):
    change_welcome_letter(
        **{
            "letter": letter,
            "enabled": True,
            "subject": "Welcome",
            "body": "<p>Hello {name}</p>",
            "added": [],
            "removed": [],
            "actor": system_operator(letter.organization),
            **values,
        }
    )
    letter.refresh_from_db()


def test_a_new_mailbox_finds_the_letter_of_the_house_with_its_own_values():
    organization = OrganizationFactory(name="云栖科技")
    department = DepartmentFactory(organization=organization)
    account = AccountFactory(name="沈知行", organization=organization, department=department)

    announce(account)
    run_jobs()

    (letter,) = inbox(account)
    assert letter["Subject"] == "欢迎使用云栖科技企业邮箱"
    assert letter["To"].addresses[0].addr_spec == account.address
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body(("plain",)).get_content()
    assert "沈知行，您好" in text
    assert account.address in text
    assert "{" not in text
    assert 'href="http://localhost:8000/login/"' in letter.get_body(("html",)).get_content()


def test_the_letter_stands_before_mail_that_came_before_the_worker():
    account = AccountFactory()
    announce(account)
    path = account.mailbox.store_path
    mail_store().deliver(path, b"Subject: quick\r\n\r\nx", unique="quick")

    run_jobs()

    newest_first = [e.subject for e in mail_store().listing(path, INBOX)]
    assert newest_first[0] == "quick"
    assert newest_first[1].startswith("欢迎使用")


@pytest.mark.parametrize("scope", [ReceiveScope.NONE, ReceiveScope.INTERNAL])
def test_whom_the_mailbox_may_receive_from_does_not_matter(scope):
    account = AccountFactory(mailbox__receive_scope=scope)

    announce(account)
    run_jobs()

    assert len(inbox(account)) == 1


def test_switched_off_there_is_neither_letter_nor_job():
    account = AccountFactory()
    change(welcome_letter_of(account.organization_id), enabled=False)

    announce(account)

    assert not Job.objects.exists()


def test_switched_off_while_the_job_waits_nothing_more_is_sent():
    account = AccountFactory()
    announce(account)
    change(welcome_letter_of(account.organization_id), enabled=False)

    run_jobs()

    assert inbox(account) == []


def test_a_job_killed_after_its_letters_were_stored_repeats_none(monkeypatch):
    accounts = [AccountFactory()]
    accounts += [
        AccountFactory(organization=accounts[0].organization, domain=accounts[0].domain)
        for _ in range(4)
    ]
    announce(*accounts)
    monkeypatch.setattr(welcome, "CHUNK_MAX_LETTERS", 2)
    job = Job.objects.get()
    lease = job_runner._claim(job.pk)
    assert job_runner._step(job.pk, lease)

    class Killed(BaseException):
        """Like kill -9: nothing of ours runs after it."""

    def letters_then_death(job):
        welcome.deliver_next_letters(job)
        raise Killed

    kind = jobs.kind_of(job)
    monkeypatch.setitem(
        jobs._kinds, kind.code, jobs.JobKind(kind.code, kind.label, letters_then_death)
    )
    with pytest.raises(Killed):
        job_runner._step(job.pk, lease)
    monkeypatch.setitem(jobs._kinds, kind.code, kind)
    moved = accounts[3].mailbox.store_path
    mail_store().move(moved, INBOX, [e.key for e in mail_store().listing(moved, INBOX)], TRASH)
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    job_runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (Job.State.SUCCEEDED, 5, 0)
    assert [len(inbox(a)) + len(inbox(a, TRASH)) for a in accounts] == [1] * 5
    for account in accounts:
        account.mailbox.refresh_from_db()
        assert account.mailbox.usage_bytes == mail_store().usage(account.mailbox.store_path)


def test_a_mailbox_without_room_or_gone_is_counted_as_failed():
    full = AccountFactory(mailbox__quota_bytes=10)
    gone = AccountFactory(organization=full.organization, domain=full.domain)
    announce(full, gone)
    gone.mailbox.delete()

    run_jobs()

    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (Job.State.SUCCEEDED, 0, 2)


def test_each_organization_sends_its_own_letter():
    ours, theirs = AccountFactory(), AccountFactory()
    change(welcome_letter_of(ours.organization_id), subject="Ours")
    change(welcome_letter_of(theirs.organization_id), subject="Theirs")

    announce(ours, theirs)
    run_jobs()

    assert [m["Subject"] for m in inbox(ours) + inbox(theirs)] == ["Ours", "Theirs"]


def test_attachments_come_along_and_keep_their_names():
    account = AccountFactory()
    letter = welcome_letter_of(account.organization_id)
    change(letter, added=[File("员工手册.pdf", "application/pdf", b"%PDF-1.4")])

    announce(account)
    run_jobs()

    (received,) = inbox(account)
    (attached,) = received.iter_attachments()
    assert attached.get_filename() == "员工手册.pdf"
    assert attached.get_content() == b"%PDF-1.4"


def test_values_are_text_and_never_markup_or_further_fields():
    account = AccountFactory(name='{address}<img src=x onerror="alert(1)">')
    change(welcome_letter_of(account.organization_id))

    announce(account)
    run_jobs()

    html = inbox(account)[0].get_body(("html",)).get_content().strip()
    assert html == '<p>Hello {address}&lt;img src=x onerror="alert(1)"&gt;</p>'


def test_a_change_is_recorded_with_what_was_before_and_after():
    letter = welcome_letter_of(OrganizationFactory().pk)
    change(letter)
    change(letter, subject="Hello", added=[File("a.pdf", "application/pdf", b"x")])

    record = AuditRecord.objects.latest("id")
    assert record.action == "welcome.changed"
    assert record.before == {"subject": "Welcome", "attachments": []}
    assert record.after == {"subject": "Hello", "attachments": ["a.pdf"]}


def test_saving_what_is_there_leaves_no_record():
    letter = welcome_letter_of(OrganizationFactory().pk)
    change(letter)
    before = AuditRecord.objects.count()

    change(letter)

    assert AuditRecord.objects.count() == before


def test_the_text_is_cleaned_when_saved():
    letter = welcome_letter_of(OrganizationFactory().pk)

    change(
        letter, body='<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x">y</a></p>'
    )

    assert letter.body == '<p>Hi <a rel="noopener noreferrer">y</a></p>'


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (File("setup.EXE", "", b"MZ"), AttachmentTypeRefused),
        (File("big.pdf", "", b"x" * (5 * 1024 * 1024 + 1)), AttachmentsTooLarge),
    ],
)
def test_a_refused_attachment_changes_nothing(file, error):
    letter = welcome_letter_of(OrganizationFactory().pk)

    with pytest.raises(error):
        change(letter, subject="Other", added=[File("ok.txt", "", b"x"), file])

    letter.refresh_from_db()
    assert letter.subject.startswith("欢迎使用")
    assert not letter.attachments.exists()


def test_attachments_count_together_with_those_there():
    letter = welcome_letter_of(OrganizationFactory().pk)
    change(letter, added=[File("a.pdf", "", b"x" * 3 * 1024 * 1024)])

    with pytest.raises(AttachmentsTooLarge):
        change(letter, added=[File("b.pdf", "", b"x" * 3 * 1024 * 1024)])


def test_a_removed_attachment_leaves_the_storage_too():
    letter = welcome_letter_of(OrganizationFactory().pk)
    change(letter, added=[File("a.pdf", "", b"x")])
    attachment = letter.attachments.get()

    change(letter, removed=[attachment.pk])

    assert not letter.attachments.exists()
    assert not default_storage.exists(attachment.file.name)


def test_an_attachment_of_another_organization_cannot_be_removed():
    theirs = welcome_letter_of(OrganizationFactory().pk)
    change(theirs, added=[File("a.pdf", "", b"x")])

    change(welcome_letter_of(OrganizationFactory().pk), removed=[theirs.attachments.get().pk])

    assert theirs.attachments.count() == 1


def test_creating_an_account_leads_to_its_letter():
    domain = DomainFactory()
    department = DepartmentFactory(organization=domain.organization)

    made = create_account(
        departments=[department],
        domain=domain,
        local_part="ada",
        person=Person(name="Ada"),
        mailbox=MailboxSettings(quota_bytes=10**9),
        actor=system_operator(domain.organization),
    )
    run_jobs()

    assert len(inbox(made.account)) == 1
