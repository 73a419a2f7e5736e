"""What accounts tell the mail stores."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import Account
from accounts.signals import account_purged, accounts_deleted
from admin_platform.operator import Operator
from mail_server.services import kept_mail


@receiver(accounts_deleted)
def keep_mail(account_ids: list[int], heir: Account | None, actor: Operator, **_: Any) -> None:
    if heir is not None:
        kept_mail.enqueue_attaching(account_ids=account_ids, heir=heir, actor=actor)


@receiver(account_purged)
def purge_mail(account: Account, heir: Account | None, **_: Any) -> None:
    kept_mail.purge(account, heir)
