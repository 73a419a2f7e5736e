"""The folders of a mailbox as the webmail shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mail_server.stores import mail_store
from mail_server.stores.base import DRAFTS, INBOX, JUNK, SENT, STANDARD_FOLDERS, TRASH

LABELS: dict[str, tuple[str | Promise, str]] = {
    INBOX: (_("Inbox"), "inbox"),
    DRAFTS: (_("Drafts"), "file"),
    SENT: (_("Sent"), "send"),
    TRASH: (_("Deleted"), "trash"),
    JUNK: (_("Junk"), "error"),
}


@dataclass(frozen=True, slots=True)
class ShownFolder:
    """count: unread messages, or all of them for drafts."""

    name: str
    label: str | Promise
    icon: str
    count: int
    is_standard: bool


def shown_folders(path: str) -> list[ShownFolder]:
    return [
        ShownFolder(
            name=folder.name,
            label=LABELS.get(folder.name, (folder.name, ""))[0],
            icon=LABELS.get(folder.name, ("", "folder"))[1],
            count=folder.total if folder.name == DRAFTS else folder.unread,
            is_standard=folder.name in STANDARD_FOLDERS,
        )
        for folder in mail_store().folders(path)
    ]
