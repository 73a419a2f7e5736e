"""A main backup mailbox is not disabled, deleted or given an expiry (manual, 10.5)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.signals import accounts_ending
from apps_center.errors import IsMainBackup
from apps_center.models import BackupRule


@receiver(accounts_ending)
def refuse_end(account_ids: list[int], **_: Any) -> None:
    rule = BackupRule.objects.filter(main__in=account_ids).select_related("main").first()
    if rule is not None:
        raise IsMainBackup(rule.main.name)
