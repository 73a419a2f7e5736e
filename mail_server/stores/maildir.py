"""Maildir++ on local disk (https://cr.yp.to/proto/maildir.html), readable by Dovecot too.

A message is written to tmp/, synced, and renamed into new/ or cur/: whoever reads sees
it whole or not at all. Sizes stand in the names (",S=1234"), so usage reads no message.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from mail_server.stores import headers, names
from mail_server.stores.base import (
    INBOX,
    SEEN,
    STANDARD_FOLDERS,
    Envelope,
    Folder,
    NoSuchFolder,
    NoSuchMessage,
    StoreError,
)

_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
SUBDIRECTORIES = ("tmp", "new", "cur")


class MaildirStore:
    """See MailStore for what each method promises."""

    tells_usage = False

    def __init__(self, root: Path) -> None:
        self.root = root

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
        if not re.fullmatch(r"[A-Za-z0-9_-]+", unique):
            raise StoreError("The unique name of a delivery is letters, digits, _ and -")
        directory = self._folder(path, folder, create=True)
        if may_exist and (stored := self._find_unique(path, unique)):
            return stored
        moment = int(received_at.timestamp() * 10**6) if received_at else time.time_ns() // 1000
        key = names.new_key(moment, unique, len(content))
        letters = names.flag_letters(flags)
        target = f"cur/{key}:2,{letters}" if letters else f"new/{key}"
        _write(directory / "tmp" / key, content)
        # Rename replaces: the same delivery twice at once is still one message.
        (directory / "tmp" / key).rename(directory / target)
        _sync_directory((directory / target).parent)
        return key

    def folders(self, path: str) -> list[Folder]:
        known = {INBOX: self._folder(path, INBOX, create=True)}
        for entry in sorted(known[INBOX].iterdir()):
            if entry.name.startswith(".") and (entry / "cur").is_dir():
                known[names.from_directory(entry.name)] = entry
        own = sorted(set(known) - set(STANDARD_FOLDERS))
        return [_count(name, known.get(name)) for name in (*STANDARD_FOLDERS, *own)]

    def create_folder(self, path: str, folder: str) -> None:
        self._folder(path, folder, create=True)

    def delete_folder(self, path: str, folder: str) -> None:
        if folder in STANDARD_FOLDERS:
            raise StoreError("A standard folder cannot be deleted")
        shutil.rmtree(self._folder(path, folder))

    def rename_folder(self, path: str, folder: str, name: str) -> None:
        if folder in STANDARD_FOLDERS or name in {f.name for f in self.folders(path)}:
            raise StoreError("This folder cannot be renamed so")
        old, new = self._folder(path, folder), self._mailbox(path) / names.to_directory(name)
        for entry in list(old.parent.iterdir()):
            if entry.name.startswith(f"{old.name}."):
                entry.rename(entry.with_name(new.name + entry.name.removeprefix(old.name)))
        old.rename(new)

    def listing(
        self, path: str, folder: str, *, before: str = "", limit: int = 50
    ) -> list[Envelope]:
        directory = self._folder(path, folder, create=folder in STANDARD_FOLDERS)
        files = sorted(_files(directory), key=lambda f: names.age_of(names.key_of(f.name)))
        files.reverse()
        if before:
            files = [f for f in files if names.age_of(names.key_of(f.name)) < names.age_of(before)]
        return [e for file in files[:limit] if (e := _envelope(file, folder))]

    def read(self, path: str, folder: str, key: str) -> bytes:
        return self._locate(path, folder, key).read_bytes()

    def envelope(self, path: str, folder: str, key: str) -> Envelope:
        if found := _envelope(self._locate(path, folder, key), folder):
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
        add, remove = set(add), set(remove)
        directory = self._folder(path, folder)
        for file in self._existing(directory, keys):
            flags = (names.flags_of(file.name) | add) - remove
            target = directory / "cur" / f"{names.key_of(file.name)}:2,{names.flag_letters(flags)}"
            with suppress(FileNotFoundError):  # another session was faster
                file.rename(target)

    def move(self, path: str, folder: str, keys: Iterable[str], target: str) -> None:
        source = self._folder(path, folder)
        directory = self._folder(path, target, create=True)
        for file in self._existing(source, keys):
            with suppress(FileNotFoundError):
                file.rename(directory / file.parent.name / file.name)

    def delete(self, path: str, folder: str, keys: Iterable[str]) -> None:
        for file in self._existing(self._folder(path, folder), keys):
            file.unlink(missing_ok=True)

    def search(
        self, path: str, query: str, *, folder: str = "", limit: int = 100
    ) -> list[Envelope]:
        wanted = query.casefold().split()
        searched = [folder] if folder else [f.name for f in self.folders(path)]
        hits = []
        for name in searched:
            for file in _files(self._folder(path, name, create=name in STANDARD_FOLDERS)):
                with suppress(FileNotFoundError):
                    text = headers.searchable_text(file.read_bytes()).casefold()
                    if all(word in text for word in wanted):
                        hits.append((names.age_of(names.key_of(file.name)), file, name))
        hits.sort(key=lambda hit: hit[0], reverse=True)
        return [e for _, file, name in hits[:limit] if (e := _envelope(file, name))]

    def usage(self, path: str) -> int:
        return sum(
            _size(file) for directory in self._directories(path) for file in _files(directory)
        )

    def attach(self, source: str, target: str, name: str) -> None:
        for directory in list(self._directories(source)):
            inner = INBOX if directory == self._mailbox(source) else directory.name
            folder = f"{name}/{inner if inner == INBOX else names.from_directory(inner)}"
            destination = self._folder(target, folder, create=True)
            for file in _files(directory):
                file.rename(destination / file.parent.name / file.name)
        self.purge(source)

    def purge(self, path: str) -> None:
        shutil.rmtree(self._mailbox(path), ignore_errors=True)

    def _mailbox(self, path: str) -> Path:
        if not _PATH.fullmatch(path):
            raise StoreError(f"{path!r} is not a store path")
        return self.root / path

    def _folder(self, path: str, folder: str, *, create: bool = False) -> Path:
        directory = self._mailbox(path) / names.to_directory(folder)
        if not (directory / "cur").is_dir():
            if not create:
                raise NoSuchFolder(folder)
            for name in SUBDIRECTORIES:
                (directory / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        return directory

    def _directories(self, path: str) -> Iterator[Path]:
        root = self._mailbox(path)
        if not root.is_dir():
            return
        yield root
        yield from (e for e in root.iterdir() if e.name.startswith(".") and (e / "cur").is_dir())

    def _existing(self, directory: Path, keys: Iterable[str]) -> list[Path]:
        wanted = set(keys)
        return [file for file in _files(directory) if names.key_of(file.name) in wanted]

    def _locate(self, path: str, folder: str, key: str) -> Path:
        found = self._existing(self._folder(path, folder), [key])
        if not found:
            raise NoSuchMessage(key)
        return found[0]

    def _find_unique(self, path: str, unique: str) -> str:
        mark = f".{unique},S="
        for directory in self._directories(path):
            for file in _files(directory):
                if mark in file.name:
                    return names.key_of(file.name)
        return ""


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(directory: Path) -> Iterator[Path]:
    for name in ("new", "cur"):
        with suppress(FileNotFoundError):
            yield from (directory / name).iterdir()


def _size(file: Path) -> int:
    known = names.size_of(file.name)
    if known is not None:
        return known
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def _count(name: str, directory: Path | None) -> Folder:
    files = list(_files(directory)) if directory else []
    unread = sum(SEEN not in names.flags_of(file.name) for file in files)
    return Folder(name, len(files), unread)


def _envelope(file: Path, folder: str) -> Envelope | None:
    """None when the message went away meanwhile."""
    try:
        with file.open("rb") as stream:
            head = headers.read_head(stream)
            beginning = stream.read(headers.PREVIEW_MAX_BYTES)
    except FileNotFoundError:
        return None
    key = names.key_of(file.name)
    return headers.envelope(
        headers.parse_message(head),
        key=key,
        folder=folder,
        flags=names.flags_of(file.name),
        size_bytes=_size(file),
        arrived=names.age_of(key)[0],
        preview=headers.preview_of(head + beginning),
    )
