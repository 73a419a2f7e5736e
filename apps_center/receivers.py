"""A main backup mailbox is neither disabled nor deleted (manual, 10.5)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.choices import AccountStatus
from accounts.signals import accounts_deleted, status_changed
from apps_center.errors import IsMainBackup
from apps_center.models import BackupRule


@receiver(accounts_deleted)
def refuse_deletion(account_ids: list[int], **_: Any) -> None:
    rule = BackupRule.objects.filter(main__in=account_ids).select_related("main").first()
    if rule is not None:
        raise IsMainBackup(rule.main.name)


@receiver(status_changed)
def refuse_end(account_ids: list[int], status: AccountStatus, **_: Any) -> None:
    if status != AccountStatus.ACTIVE:
        refuse_deletion(account_ids)
