"""What accounts and their security tell the mail servers."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.choices import AccountStatus
from accounts.models import Account, Mailbox
from accounts.signals import (
    access_changed,
    account_purged,
    accounts_deleted,
    password_reset,
    status_changed,
)
from admin_platform.operator import Operator
from mail_server.services import kept_mail
from mail_server.services.client_sessions import end_sessions_soon
from security.signals import sessions_ended


@receiver(accounts_deleted)
def keep_mail(account_ids: list[int], heir: Account | None, actor: Operator, **_: Any) -> None:
    if heir is not None:
        kept_mail.enqueue_attaching(account_ids=account_ids, heir=heir, actor=actor)


@receiver(account_purged)
def purge_mail(account: Account, heir: Account | None, **_: Any) -> None:
    kept_mail.purge(account, heir)


@receiver(accounts_deleted)
def end_sessions_of_deleted(account_ids: list[int], **_: Any) -> None:
    end_sessions_soon(account_ids)


@receiver(status_changed)
def end_sessions_of_disabled(account_ids: list[int], status: AccountStatus, **_: Any) -> None:
    if status != AccountStatus.ACTIVE:
        end_sessions_soon(account_ids)


@receiver(access_changed)
def end_sessions_by_closed_ways(mailbox: Mailbox, after: dict[str, bool], **_: Any) -> None:
    if not all(after.values()):
        end_sessions_soon([mailbox.account_id])


@receiver([password_reset, sessions_ended])
def end_sessions_of_account(account: Account, **_: Any) -> None:
    end_sessions_soon([account.pk])
