"""What happened to departments lately, from the administrator log."""

from __future__ import annotations

from collections.abc import Iterable

from admin_platform.models import AuditRecord
from orgs.models import Department

SHOWN = 5


def recent_changes(departments: Iterable[Department]) -> list[AuditRecord]:
    """The last records that speak of one of the departments, newest first."""
    records = AuditRecord.objects.filter(
        target_type=Department._meta.label_lower,
        target_id__in=[str(department.pk) for department in departments],
    )
    return list(records.order_by("-pk")[:SHOWN])
