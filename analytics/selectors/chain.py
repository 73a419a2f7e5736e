"""How far the administrator log is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from admin_platform import audit_chain
from admin_platform.models import AuditCheck, AuditRecord, AuditSeal
from admin_platform.operator import Operator
from admin_platform.paging import Total, capped_total

# The schedule seals every minute; a long import may hold it up for some.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ChainState:
    """unsealed: the operator's records after the head. is_late: one waits for too long.
    check: what the last run over the whole chain found."""

    head: AuditSeal | None
    unsealed: Total
    is_late: bool
    check: AuditCheck | None


def chain_state(operator: Operator) -> ChainState:
    head = audit_chain.head()
    waiting = operator.scope(AuditRecord.objects.filter(pk__gt=head.pk if head else 0))
    late = waiting.filter(at__lt=timezone.now() - LATE_AFTER)
    return ChainState(head, capped_total(waiting), late.exists(), audit_chain.last_check())
