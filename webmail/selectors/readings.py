"""Who reads, and who has read, a member's mail."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Account
from admin_platform.operator import Operator
from webmail.models import MailReading


def open_reading(account: Account, operator: Operator) -> MailReading | None:
    """The operator's reading of this account that has not ended yet."""
    readings = MailReading.objects.select_related("account__mailbox", "account__domain")
    return (
        readings.filter(account=account, reader_id=operator.account_id, ends_at__gt=timezone.now())
        .exclude(reader_id=None)
        .order_by("-opened_at")
        .first()
    )


def readings_of(account: Account) -> QuerySet[MailReading]:
    return MailReading.objects.filter(account=account)


def with_messages(readings: QuerySet[MailReading]) -> QuerySet[MailReading]:
    return readings.annotate(message_count=Count("messages")).prefetch_related("messages")


def unseen_readings(account: Account) -> int:
    return MailReading.objects.filter(account=account, seen_at=None).count()
