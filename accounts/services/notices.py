from accounts.models import Account, NoticeReading
from orgs.models import ProviderNotice


def mark_notice_read(*, notice: ProviderNotice, reader: Account) -> None:
    """Note that the account has opened the notice; no record, it changes nothing for others."""
    NoticeReading.objects.get_or_create(notice=notice, reader=reader)
