"""The administrator log in readable words (manual, 7.1)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from admin_platform import audit
from admin_platform.audit_values import differences
from admin_platform.models import AuditRecord


def sentence(record: AuditRecord) -> str:
    """What was done, in the reader's language."""
    template = str(audit.actions().get(record.action, record.action))
    return template.replace("{target}", record.target_name)


def remark(record: AuditRecord) -> str:
    """The differences in one line, for exports."""
    return "; ".join(
        f"{d.label}: {d.before or '–'} → {d.after or '–'}" for d in differences(record)
    )


def rows_for_export(records: models.QuerySet[AuditRecord]) -> Iterator[list[str]]:
    for record in records.iterator(chunk_size=2000):
        yield [
            f"{record.at:%Y-%m-%d %H:%M:%S}",
            record.actor_name,
            record.ip or "",
            sentence(record),
            remark(record),
        ]
