"""What every mail store does; webmail, delivery and account services know nothing more."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

INBOX = "INBOX"
DRAFTS = "Drafts"
SENT = "Sent"
TRASH = "Trash"
JUNK = "Junk"
STANDARD_FOLDERS = (INBOX, DRAFTS, SENT, TRASH, JUNK)

# Flags by their IMAP names (RFC 9051, 2.3.2).
SEEN = "\\Seen"
FLAGGED = "\\Flagged"
ANSWERED = "\\Answered"
DRAFT = "\\Draft"


class StoreError(Exception):
    """The store cannot do this; the text says why."""


class NoSuchFolder(StoreError):
    pass


class NoSuchMessage(StoreError):
    pass


class StoreUnavailable(ConnectionError):
    """The store is away; later it may do what was asked. strerror: how it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EAGAIN, reason)


@dataclass(frozen=True, slots=True)
class Folder:
    """name: with "/" between levels."""

    name: str
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message list shows.

    key: names the message within its folder, for good; in another folder it may have another.
    """

    key: str
    folder: str
    subject: str
    sender: str
    recipients: str
    date: datetime
    size_bytes: int
    flags: frozenset[str]
    has_attachments: bool
    preview: str = ""

    @property
    def is_unread(self) -> bool:
        return SEEN not in self.flags

    @property
    def is_flagged(self) -> bool:
        return FLAGGED in self.flags


class MailStore(Protocol):
    """Mailboxes are named by their store path (Mailbox.store_path); sizes are in bytes.

    tells_usage: whether Mailbox.usage_bytes changes without our doing when mail comes or goes.
    """

    tells_usage: bool

    def deliver(
        self,
        path: str,
        content: bytes,
        *,
        unique: str,
        folder: str = INBOX,
        flags: Iterable[str] = (),
        received_at: datetime | None = None,
        may_exist: bool = False,
    ) -> str:
        """Store a message and answer its key. With may_exist, one that was stored under
        the same unique name before is left as it is."""

    def folders(self, path: str) -> list[Folder]:
        """Standard folders first, then own ones by name."""

    def create_folder(self, path: str, folder: str) -> None: ...

    def delete_folder(self, path: str, folder: str) -> None:
        """With all mail in it; a standard folder is refused."""

    def rename_folder(self, path: str, folder: str, name: str) -> None:
        """With the folders below it; a standard folder and a taken name are refused."""

    def listing(
        self, path: str, folder: str, *, before: str = "", limit: int = 50
    ) -> list[Envelope]:
        """Newest first, those older than the key `before`."""

    def read(self, path: str, folder: str, key: str) -> bytes: ...

    def envelope(self, path: str, folder: str, key: str) -> Envelope: ...

    def set_flags(
        self,
        path: str,
        folder: str,
        keys: Iterable[str],
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
    ) -> None: ...

    def move(self, path: str, folder: str, keys: Iterable[str], target: str) -> None: ...

    def delete(self, path: str, folder: str, keys: Iterable[str]) -> None:
        """For good."""

    def search(
        self, path: str, query: str, *, folder: str = "", limit: int = 100
    ) -> list[Envelope]:
        """In subject, addresses and text; newest first."""

    def usage(self, path: str) -> int: ...

    def attach(self, source: str, target: str, name: str) -> None:
        """Move all mail of one mailbox into another as the folder tree `name`."""

    def purge(self, path: str) -> None:
        """Remove a mailbox with all its mail; nothing where there is none."""
