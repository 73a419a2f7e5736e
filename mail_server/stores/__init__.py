"""The mail store of this installation."""

from functools import cache

from django.conf import settings

from mail_server.stores.base import MailStore
from mail_server.stores.maildir import MaildirStore


@cache
def mail_store() -> MailStore:
    root = settings.MAIL_STORE_DIR / "boxes"
    if settings.MAIL_STORE == "dovecot":
        # Nobody else needs an IMAP client.
        from mail_server.stores.dovecot import DovecotStore

        return DovecotStore(settings.MAIL_PLANE_PORTS, root=root)
    return MaildirStore(root)
