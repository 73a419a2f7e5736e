"""Removing deleted accounts with all their data, at the end of the freeze or before.

Each account is one transaction. What lies outside the database (the mail) goes before the
row, so that a worker killed between the two repeats it.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts import signals
from accounts.errors import StillInherits
from accounts.models import Account, Deletion
from accounts.models.deletion import FREEZE
from accounts.selectors.operators import operator_of_job
from accounts.services.deletion import FUNCTION, locked_deletions
from admin_platform import audit
from admin_platform.jobs import enqueue
from admin_platform.models import Job
from admin_platform.operator import Operator

KIND = "accounts.purge"


@transaction.atomic
def purge_accounts(*, account_ids: Collection[int], actor: Operator) -> Job:
    """Ask for deleted accounts to be removed before their time.

    Raises SelectionChanged, and StillInherits for one whose mailbox waits for others' mail.
    """
    deletions = locked_deletions(account_ids, actor)
    for deletion in deletions:
        if _waiting_for(deletion.pk).exists():
            raise StillInherits(deletion.account.name)
    ids = [deletion.pk for deletion in deletions]
    return enqueue(KIND, actor=actor, params={"accounts": ids}, total=len(ids))


def purge_step(job: Job) -> bool:
    """Remove the next account of the job that is still deleted."""
    operator = operator_of_job(job, FUNCTION)
    asked = operator.scope(Deletion.objects.filter(pk__in=job.params["accounts"]))
    if not _purge_first(asked.order_by("pk"), operator):
        return False
    job.done += 1
    return True


def purge_expired() -> int:
    """Remove the accounts whose freeze is over; how many."""
    count = 0
    while _purge_next_expired():
        count += 1
    return count


@transaction.atomic
def _purge_next_expired() -> bool:
    over = Deletion.objects.filter(deleted_at__lte=timezone.now() - FREEZE)
    ready = over.filter(~Exists(_waiting_for(OuterRef("pk"))))
    return _purge_first(ready.order_by("deleted_at", "pk"), Operator.system())


def _waiting_for(account_id: int | OuterRef) -> QuerySet[Deletion]:
    """Deletions whose mail has yet to be moved into the account's mailbox."""
    return Deletion.objects.filter(heir=account_id, attached_at=None)


def _purge_first(deletions: QuerySet[Deletion], actor: Operator) -> bool:
    """Remove the first one that nobody else is at; False where there is none."""
    free = deletions.select_for_update(of=("self",), skip_locked=True)
    deletion = free.select_related("account").first()
    if deletion is None:
        return False
    account = deletion.account
    signals.account_purged.send(sender=Account, account=account, heir=deletion.heir, actor=actor)
    audit.record(
        "account.purged", actor=actor, target=account, department_id=deletion.department_id
    )
    account.delete()
    return True
