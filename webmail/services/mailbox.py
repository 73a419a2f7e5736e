"""What a member does with stored mail; each keeps the mailbox's usage up to date."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Mailbox
from mail_server.stores import mail_store
from mail_server.stores.base import DRAFT, DRAFTS, FLAGGED, SEEN, SENT, TRASH

FLAG_ACTS = {
    "seen": ({SEEN}, set[str]()),
    "unseen": (set[str](), {SEEN}),
    "star": ({FLAGGED}, set[str]()),
    "unstar": (set[str](), {FLAGGED}),
}


def set_flags(*, mailbox: Mailbox, folder: str, keys: Iterable[str], act: str) -> None:
    add, remove = FLAG_ACTS[act]
    mail_store().set_flags(mailbox.store_path, folder, keys, add=add, remove=remove)


def move(*, mailbox: Mailbox, folder: str, keys: Iterable[str], target: str) -> None:
    mail_store().move(mailbox.store_path, folder, keys, target)


def delete(*, mailbox: Mailbox, folder: str, keys: Iterable[str]) -> None:
    """Into the trash; from the trash for good."""
    if folder != TRASH:
        mail_store().move(mailbox.store_path, folder, keys, TRASH)
        return
    mail_store().delete(mailbox.store_path, folder, keys)
    refresh_usage(mailbox)


def empty_folder(*, mailbox: Mailbox, folder: str) -> None:
    """Delete all mail of a folder for good."""
    store = mail_store()
    while batch := store.listing(mailbox.store_path, folder, limit=500):
        store.delete(mailbox.store_path, folder, [envelope.key for envelope in batch])
    refresh_usage(mailbox)


def keep_sent(*, mailbox: Mailbox, content: bytes, unique: str) -> None:
    mail_store().deliver(mailbox.store_path, content, unique=unique, folder=SENT, flags={SEEN})
    refresh_usage(mailbox)


def keep_draft(*, mailbox: Mailbox, content: bytes, unique: str) -> str:
    """Store a draft and answer its key."""
    key = mail_store().deliver(
        mailbox.store_path, content, unique=unique, folder=DRAFTS, flags={SEEN, DRAFT}
    )
    refresh_usage(mailbox)
    return key


def drop_draft(*, mailbox: Mailbox, key: str) -> None:
    mail_store().delete(mailbox.store_path, DRAFTS, [key])
    refresh_usage(mailbox)


def refresh_usage(mailbox: Mailbox) -> None:
    usage = mail_store().usage(mailbox.store_path)
    Mailbox.objects.filter(pk=mailbox.pk).update(usage_bytes=usage)
    mailbox.usage_bytes = usage
