"""What an administrator should look after among the accounts of their departments."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account
from admin_platform.operator import Operator

NEAR_FULL_PERCENT = 90
EXPIRY_WARNING = timedelta(days=7)
# No index serves these questions: usage changes with every message. Hence not at every visit.
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Attention:
    """How many accounts have a mailbox nearly full, or expire soon."""

    near_full: int
    expiring: int


def accounts_needing_attention(operator: Operator) -> Attention:
    """Counted within the operator's scope; may be five minutes old."""
    key = f"attention:{operator.account_id}:{operator.function}"
    found = cache.get(key)
    if found is None:
        found = _count(operator)
        cache.set(key, found, KEPT_SECONDS)
    return Attention(*found)


def _count(operator: Operator) -> tuple[int, int]:
    accounts = operator.scope(Account.objects.filter(status=AccountStatus.ACTIVE, deleted_at=None))
    near_full = accounts.filter(
        mailbox__quota_bytes__gt=0,
        mailbox__usage_bytes__gte=F("mailbox__quota_bytes") * NEAR_FULL_PERCENT / 100,
    )
    now = timezone.now()
    expiring = accounts.filter(expires_at__gt=now, expires_at__lt=now + EXPIRY_WARNING)
    return near_full.count(), expiring.count()
