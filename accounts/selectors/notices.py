from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account, NoticeReading
from orgs.models import ProviderNotice


def notices_for(reader: Account) -> QuerySet[ProviderNotice]:
    """Notices shown now, each with `is_read`; unread ones first, then the newest."""
    read = NoticeReading.objects.filter(notice=OuterRef("pk"), reader=reader)
    notices = ProviderNotice.objects.current().annotate(is_read=Exists(read))
    return notices.order_by("is_read", "-starts_at", "-pk")
