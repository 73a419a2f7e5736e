"""The welcome letter (manual, 6.4.1): changing it, and putting it into new mailboxes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.policy import SMTP
from functools import partial
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Mailbox
from admin_platform import audit, jobs
from admin_platform.markup.rich_text import clean_rich_text
from admin_platform.markup.text import text_of
from admin_platform.models import Job
from admin_platform.operator import Operator
from mail_server import mime
from mail_server.services.letters import MailboxFull, place_letter
from notifications.errors import AttachmentsTooLarge, AttachmentTypeRefused, NoMailboxForTest
from notifications.models import WelcomeAttachment, WelcomeLetter
from notifications.selectors.welcome import stored_files, values_for, welcome_letter_of
from notifications.welcome_text import fill, fill_html

JOB_KIND = "notifications.welcome"
ATTACHMENTS_MAX_BYTES = 5 * 1024 * 1024
# What Windows runs on a double click; mail filters everywhere drop it.
PROGRAMS = frozenset({
    "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk", "msc", "msi",
    "ps1", "reg", "scr", "vbe", "vbs", "wsf",
})  # fmt: skip
# One chunk's letters, all attachments counted; it must be on disk well within the lease.
CHUNK_MAX_BYTES = 64 * 1024 * 1024
CHUNK_MAX_LETTERS = 100


@transaction.atomic
def change_welcome_letter(
    *,
    letter: WelcomeLetter,
    enabled: bool,
    subject: str,
    body: str,
    added: Iterable[mime.File],
    removed: Iterable[int],
    actor: Operator,
) -> None:
    """Save the letter. removed: ids of attachments that no longer go with it.

    Raises AttachmentRefused; then nothing is changed.
    """
    # Two administrators at once would both find room for their files.
    WelcomeLetter.objects.select_for_update().get(pk=letter.pk)
    added, removed = list(added), set(removed)
    values = {"enabled": enabled, "subject": subject, "body": clean_rich_text(body)}
    before, after = audit.changes(letter, values)
    names = [a.name for a in letter.attachments.all()]
    _remove_files(letter.attachments.filter(pk__in=removed))
    _check_files(letter, added)
    for file in added:
        _add_file(letter, file)
    names_now = list(letter.attachments.values_list("name", flat=True))
    if names != names_now:
        before["attachments"], after["attachments"] = names, names_now
    if not after:
        return
    for name, value in values.items():
        setattr(letter, name, value)
    letter.save(update_fields=[*values, "updated_at"])
    audit.record(
        "welcome.changed",
        actor=actor,
        target=letter.organization,
        before=before,
        after=after,
        organization_id=letter.organization_id,
    )


def _check_files(letter: WelcomeLetter, added: list[mime.File]) -> None:
    for file in added:
        if PurePath(file.name).suffix.lower().lstrip(".") in PROGRAMS:
            raise AttachmentTypeRefused(file.name)
    kept = sum(letter.attachments.values_list("size_bytes", flat=True))
    total = kept + sum(len(file.content) for file in added)
    if added and total > ATTACHMENTS_MAX_BYTES:
        raise AttachmentsTooLarge(total, ATTACHMENTS_MAX_BYTES)


def _add_file(letter: WelcomeLetter, file: mime.File) -> None:
    made = WelcomeAttachment(
        letter=letter,
        name=file.name[:200],
        content_type=file.content_type[:128],
        size_bytes=len(file.content),
    )
    # The name that a person gave never becomes a path.
    made.file.save(uuid.uuid4().hex, ContentFile(file.content), save=True)


def _remove_files(attachments: Iterable[WelcomeAttachment]) -> None:
    for attachment in attachments:
        attachment.delete()
        transaction.on_commit(partial(attachment.file.storage.delete, str(attachment.file.name)))


def send_test_letter(*, subject: str, body: str, files: list[mime.File], account: Account) -> None:
    """Put the letter as it would look into one's own mailbox.

    Raises NoMailboxForTest, MailboxFull.
    """
    if not account.has_mailbox:
        raise NoMailboxForTest
    key = f"welcome-test-{uuid.uuid4().hex}"
    values = values_for([account])[account.pk]
    content = _letter(account, values, subject, body, files, key, timezone.now())
    place_letter(content, mailbox=account.mailbox, key=key)


def _letter(
    account: Account,
    values: Mapping[str, str],
    subject: str,
    body: str,
    files: list[mime.File],
    key: str,
    date: datetime,
) -> bytes:
    """The letter to one member, its fields filled in; the same key and date, the same size.

    Cleaned once more, for values may have become links.
    """
    html = clean_rich_text(fill_html(body, values))
    message = mime.compose(
        sender=mime.person(account.organization.brand, f"postmaster@{account.domain.name}"),
        to=[mime.person(account.name, account.address)],
        subject=fill(subject, values),
        text=text_of(html),
        html=html,
        files=files,
        message_id=f"<{key}@{settings.MAIL_HOST_NAME}>",
        date=date,
    )
    # RFC 3834, 5: no vacation notice answers this.
    message["Auto-Submitted"] = "auto-generated"
    return message.as_bytes(policy=SMTP)


def welcome_new_mailboxes(*, mailbox_ids: Iterable[int], actor: Operator) -> None:
    """Ask for the letters to new mailboxes, in the transaction that made them."""
    owned = Mailbox.objects.filter(pk__in=list(mailbox_ids)).order_by("pk")
    by_organization: dict[int, list[int]] = defaultdict(list)
    for organization_id, pk in owned.values_list("account__organization_id", "pk"):
        by_organization[organization_id].append(pk)
    for organization_id, ids in by_organization.items():
        if welcome_letter_of(organization_id).enabled:
            jobs.enqueue(
                JOB_KIND,
                actor=actor,
                params={"mailbox_ids": ids},
                total=len(ids),
                organization_id=organization_id,
            )


def deliver_next_letters(job: Job) -> bool:
    """The job's next chunk. Repeated after a crash, it finds its letters and counts them."""
    letter = welcome_letter_of(job.organization_id or 0)
    if not letter.enabled:
        return False
    files = stored_files(letter)
    start = job.done + job.failed
    ids = job.params["mailbox_ids"][start : start + _chunk_size(files)]
    boxes = list(
        Mailbox.objects.filter(pk__in=ids).select_related(
            "account__organization", "account__domain"
        )
    )
    values = values_for(box.account for box in boxes)
    for box in boxes:
        job.done += _welcomed(box, letter, values[box.account_id], files)
    # Full at once, or gone again before its letter came.
    job.failed = start + len(ids) - job.done
    return start + len(ids) < job.total


def _welcomed(
    mailbox: Mailbox, letter: WelcomeLetter, values: Mapping[str, str], files: list[mime.File]
) -> bool:
    """Dated back to the mailbox's beginning: nothing that came meanwhile stands before it."""
    key, born = f"welcome-{mailbox.pk}", mailbox.created_at
    content = _letter(mailbox.account, values, letter.subject, letter.body, files, key, born)
    try:
        place_letter(content, mailbox=mailbox, key=key, received_at=born)
    except MailboxFull:
        return False
    return True


def _chunk_size(files: list[mime.File]) -> int:
    size = sum(len(file.content) for file in files) * 4 // 3
    return max(1, min(CHUNK_MAX_LETTERS, CHUNK_MAX_BYTES // max(1, size)))
