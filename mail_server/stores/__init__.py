"""The mail store of this installation."""

from functools import cache

from django.conf import settings

from mail_server.stores.base import MailStore
from mail_server.stores.maildir import MaildirStore


@cache
def mail_store() -> MailStore:
    return MaildirStore(settings.MAIL_STORE_DIR / "boxes")
