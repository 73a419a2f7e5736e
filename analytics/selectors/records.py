"""The administrator log and the user log in readable words (manual, 7.1 and 7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Account
from admin_platform import audit
from admin_platform.audit_values import differences
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator


def administrator_acts(operator: Operator) -> models.QuerySet[AuditRecord]:
    """What was done to others and to the organization."""
    records = operator.scope(AuditRecord.objects.all())
    return records.exclude(action__in=audit.own_actions())


def member_acts(operator: Operator) -> models.QuerySet[AuditRecord]:
    """What members did with their own accounts, of the members in the operator's scope."""
    acts = AuditRecord.objects.filter(
        organization_id=operator.organization_id, action__in=audit.own_actions()
    )
    if operator.can_everywhere(operator.function):
        return acts
    return acts.filter(actor_id__in=operator.scope(Account.objects.all()).values("pk"))


def remark(record: AuditRecord) -> str:
    """The differences in one line, for exports."""
    return _("; ").join(str(difference) for difference in differences(record))


def rows_for_export(records: models.QuerySet[AuditRecord]) -> Iterator[list[str]]:
    """Time, who, address, sentence, remark; the rows are never all in memory."""
    for record in records.order_by("-at", "-pk").iterator(chunk_size=2000):
        yield [
            f"{localtime(record.at):%Y-%m-%d %H:%M:%S}",
            record.actor_name,
            record.ip or "",
            audit.sentence(record),
            remark(record),
        ]
