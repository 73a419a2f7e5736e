"""The sign-in log (manual, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.timezone import localtime

from admin_platform.operator import Operator
from security.models import SignInRecord


def sign_ins(operator: Operator) -> QuerySet[SignInRecord]:
    return operator.scope(SignInRecord.objects.all())


def rows_for_export(records: QuerySet[SignInRecord]) -> Iterator[list[str]]:
    """The rows are never all in memory."""
    ordered = records.order_by("-at", "-pk").select_related("account")
    for record in ordered.iterator(chunk_size=2000):
        yield [
            f"{localtime(record.at):%Y-%m-%d %H:%M:%S}",
            record.address,
            record.account.name if record.account else "",
            record.get_protocol_display(),
            record.ip or "",
            record.client,
            record.get_result_display(),
        ]
