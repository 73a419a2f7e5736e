"""The mailboxes of the real mail servers: read by IMAP, kept in order by doveadm.

Nothing here needs a mailbox to have an account: the console signs in by its path.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from admin_platform.crypto import derived_secret
from mail_server.stores import names
from mail_server.stores.base import (
    INBOX,
    STANDARD_FOLDERS,
    Envelope,
    Folder,
    NoSuchFolder,
    NoSuchMessage,
    StoreError,
)
from mail_server.stores.doveadm import NOTHING_THERE, Doveadm, DoveadmError
from mail_server.stores.imap import OpenFolder, login_of, opened

# Dovecot takes names in small letters, and "." stands for "/" in them.
_PATH = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")
_UNIQUE = re.compile(r"[A-Za-z0-9_-]+")
# By it a delivery that is repeated finds itself. Its value is a secret, or who sends mail
# with that header would keep a letter of ours away.
MARK = "X-Delivery-Id"
# Without what means something in a command (RFC 3501, atom-specials).
_WORD = re.compile(r'[^\s\x00-\x1f\x7f(){}%*\]"\\]+')
_MARKED = re.compile(rb"\A%s: <[A-Za-z0-9_-]+>\r\n" % MARK.encode())


class DovecotStore:
    """See MailStore for what each method promises. ports: of settings.MAIL_PLANE_PORTS.

    root: where the mailboxes lie; what is left of one that was purged is removed there,
    if this machine has it.
    """

    tells_usage = True

    def __init__(self, ports: Mapping[str, int], *, root: Path) -> None:
        self.ports, self.root = ports, root
        self.doveadm = Doveadm(ports["doveadm"])

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
        if not _UNIQUE.fullmatch(unique):
            raise StoreError("The unique name of a delivery is letters, digits, _ and -")
        received_at = received_at or datetime.now(UTC)
        with self._opened(path) as client:
            mark = derived_secret(f"delivery {path} {unique}")
            if may_exist and (stored := _find_marked(client, mark)):
                return stored
            place = _folder(client, folder, create=True)
            marked = f"{MARK}: <{mark}>\r\n".encode() + content
            answer = client.append(folder, marked, tuple(flags), received_at)
            uid = int(re.findall(rb"APPENDUID \d+ (\d+)", answer)[0])
            return place.key(uid, int(received_at.timestamp()))

    def folders(self, path: str) -> list[Folder]:
        with self._opened(path) as client:
            known = _names(client)
            own = sorted(set(known) - set(STANDARD_FOLDERS))
            return [_count(client, name) for name in (*STANDARD_FOLDERS, *own)]

    def create_folder(self, path: str, folder: str) -> None:
        with self._opened(path) as client:
            _folder(client, folder, create=True)

    def delete_folder(self, path: str, folder: str) -> None:
        if folder in STANDARD_FOLDERS:
            raise StoreError("A standard folder cannot be deleted")
        with self._opened(path) as client:
            _folder(client, folder)
            client.unselect_folder()
            client.delete_folder(folder)
            client.unsubscribe_folder(folder)

    def rename_folder(self, path: str, folder: str, name: str) -> None:
        names.to_directory(name)
        with self._opened(path) as client:
            if folder in STANDARD_FOLDERS or name in _names(client):
                raise StoreError("This folder cannot be renamed so")
            _folder(client, folder)
            client.unselect_folder()
            client.rename_folder(folder, name)
            client.unsubscribe_folder(folder)
            client.subscribe_folder(name)

    def listing(
        self, path: str, folder: str, *, before: str = "", limit: int = 50
    ) -> list[Envelope]:
        with self._opened(path) as client:
            place = OpenFolder(client, folder, readonly=True)
            return place.envelopes(place.newest(["ALL"], before=before, limit=limit))

    def read(self, path: str, folder: str, key: str) -> bytes:
        with self._opened(path) as client:
            uids = OpenFolder(client, folder, readonly=True).uids([key])
            for told in (client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}).values():
                return _MARKED.sub(b"", told[b"BODY[]"])
        raise NoSuchMessage(key)

    def envelope(self, path: str, folder: str, key: str) -> Envelope:
        with self._opened(path) as client:
            place = OpenFolder(client, folder, readonly=True)
            for found in place.envelopes(place.uids([key])):
                return found
        raise NoSuchMessage(key)

    def set_flags(
        self,
        path: str,
        folder: str,
        keys: Iterable[str],
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
    ) -> None:
        with self._opened(path) as client:
            uids = OpenFolder(client, folder).uids(keys)
            if uids and (added := tuple(add)):
                client.add_flags(uids, added, silent=True)
            if uids and (removed := tuple(remove)):
                client.remove_flags(uids, removed, silent=True)

    def move(self, path: str, folder: str, keys: Iterable[str], target: str) -> None:
        with self._opened(path) as client:
            _folder(client, target, create=True)
            if uids := OpenFolder(client, folder).uids(keys):
                client.move(uids, target)

    def delete(self, path: str, folder: str, keys: Iterable[str]) -> None:
        with self._opened(path) as client:
            if uids := OpenFolder(client, folder).uids(keys):
                client.delete_messages(uids, silent=True)
                client.uid_expunge(uids)

    def search(
        self, path: str, query: str, *, folder: str = "", limit: int = 100
    ) -> list[Envelope]:
        criteria = [part for word in _WORD.findall(query) for part in _somewhere(word)]
        if not criteria:
            return []
        hits: list[Envelope] = []
        with self._opened(path) as client:
            for name in [folder] if folder else _names(client):
                place = OpenFolder(client, name, readonly=True)
                hits += place.envelopes(place.newest(criteria, limit=limit))
        return sorted(hits, key=lambda hit: names.age_of(hit.key), reverse=True)[:limit]

    def usage(self, path: str) -> int:
        return sum(int(row["vsize"]) for row in self._status(path, "vsize"))

    def attach(self, source: str, target: str, name: str) -> None:
        for row in self._status(source, "messages"):
            self._move_folder(source, str(row["mailbox"]), target, f"{name}/{row['mailbox']}")
        if any(int(row["messages"]) for row in self._status(source, "messages")):
            raise StoreError("Mail has come in meanwhile")
        self.purge(source)

    def purge(self, path: str) -> None:
        login = self._login(path)
        for row in self._status(path, "messages"):
            folder = str(row["mailbox"])
            self._ask("expunge", user=login, query=["mailbox", folder, "all"])
            if folder != INBOX:
                self._ask("mailboxDelete", user=login, mailbox=[folder])
        shutil.rmtree(self.root / path, ignore_errors=True)

    def _move_folder(self, source: str, folder: str, target: str, name: str) -> None:
        """Dovecot takes away the mail of a folder only when all of it is in the other."""
        heir = self._login(target)
        self._ask("mailboxCreate", user=heir, mailbox=[name], subscriptions=True)
        self._ask(
            "move",
            user=heir,
            destinationMailbox=name,
            sourceType="user",
            sourceUser=self._login(source),
            query=["mailbox", folder, "all"],
        )

    def _status(self, path: str, field: str, folder: str = "*") -> list[dict[str, str]]:
        asked = {"user": self._login(path), "field": [field], "mailboxMask": [folder]}
        return self.doveadm.ask("mailboxStatus", **asked)

    def _ask(self, command: str, **parameters: object) -> None:
        """For what may be done already."""
        try:
            self.doveadm.ask(command, **parameters)
        except DoveadmError as error:
            if error.code not in (*NOTHING_THERE, 65):
                raise

    def _login(self, path: str) -> str:
        if not _PATH.fullmatch(path):
            raise StoreError(f"{path!r} is not a store path")
        return login_of(path)

    def _opened(self, path: str) -> AbstractContextManager[IMAPClient]:
        self._login(path)
        return opened(path, self.ports["imap"])


def _names(client: IMAPClient) -> list[str]:
    return [name for flags, _, name in client.list_folders() if b"\\Noselect" not in flags]


def _count(client: IMAPClient, name: str) -> Folder:
    told = client.folder_status(name, ["MESSAGES", "UNSEEN"])
    return Folder(name, told[b"MESSAGES"], told[b"UNSEEN"])


def _folder(client: IMAPClient, folder: str, *, create: bool = False) -> OpenFolder:
    try:
        return OpenFolder(client, folder)
    except NoSuchFolder:
        if not create:
            raise
    # Another session may be faster.
    with suppress(IMAPClientError):
        client.create_folder(folder)
    client.subscribe_folder(folder)
    return OpenFolder(client, folder)


def _somewhere(word: str) -> list[str]:
    """Criteria for a word in subject, addresses or text."""
    ways = [["SUBJECT", word], ["FROM", word], ["TO", word], ["CC", word]]
    return [part for way in ways for part in ("OR", *way)] + ["BODY", word]


def _find_marked(client: IMAPClient, mark: str) -> str:
    for name in _names(client):
        place = OpenFolder(client, name, readonly=True)
        for uid in client.search(["HEADER", MARK, f"<{mark}>"]):
            return place.envelopes([uid])[0].key
    return ""
