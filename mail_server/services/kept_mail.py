"""What becomes of the mail of deleted accounts (manual, 4.2③)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Deletion, Mailbox
from admin_platform.jobs import JobRefused, enqueue
from admin_platform.models import Job
from admin_platform.operator import Operator
from mail_server.stores import mail_store

KIND = "mail.attach"


def enqueue_attaching(*, account_ids: list[int], heir: Account, actor: Operator) -> Job:
    params = {"accounts": account_ids, "heir": heir.pk}
    return enqueue(KIND, actor=actor, params=params, total=len(account_ids))


def attach_step(job: Job) -> bool:
    """Move the mail of the next account. It goes on where it was: what has been moved is
    not found again."""
    waiting = Deletion.objects.filter(
        pk__in=job.params["accounts"], heir=job.params["heir"], attached_at=None
    )
    deletion = waiting.select_for_update(of=("self",)).select_related("account", "heir").first()
    if deletion is None:
        return False
    if deletion.heir is None or not deletion.heir.has_mailbox:
        raise JobRefused(_("The mailbox that was to take the mail is gone."))
    attach(deletion.account, deletion.heir)
    deletion.attached_at = timezone.now()
    deletion.save(update_fields=["attached_at"])
    job.done += 1
    return True


def attach(account: Account, heir: Account) -> None:
    """Move all mail of an account into a folder tree of the heir's mailbox."""
    if not account.has_mailbox:
        return
    store, target = mail_store(), heir.mailbox
    store.attach(account.mailbox.store_path, target.store_path, folder_of(account))
    Mailbox.objects.filter(pk=account.mailbox.pk).update(usage_bytes=0)
    usage = store.usage(target.store_path)
    Mailbox.objects.filter(pk=target.pk).update(usage_bytes=usage)


def folder_of(account: Account) -> str:
    """The folder that takes an account's mail; "/" would begin a level of its own."""
    name = account.name.replace("/", "-")
    return _("Backup of %(name)s (%(account)s)") % {"name": name, "account": account.local_part}


def purge(account: Account, heir: Account | None) -> None:
    """Remove the mailbox; what came in while mail was moved to the heir follows it."""
    if not account.has_mailbox:
        return
    if heir is not None and heir.has_mailbox:
        attach(account, heir)
    mail_store().purge(account.mailbox.store_path)
