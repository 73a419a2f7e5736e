"""Mailboxes of Dovecot, opened by the console's own sign-in."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from typing import Any

from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mail_server.plane.config import STORE_DOMAIN, master_password
from mail_server.stores import headers, names
from mail_server.stores.base import Envelope, NoSuchFolder, StoreError, StoreUnavailable

# It warns of answers that name a folder in another script than ours.
logging.getLogger("imapclient").setLevel(logging.ERROR)

SECONDS = 30
CHUNK = 200
HEAD = f"BODY.PEEK[HEADER]<0.{headers.HEAD_MAX_BYTES}>"
BEGINNING = f"BODY.PEEK[TEXT]<0.{headers.PREVIEW_MAX_BYTES}>"
SHOWN = ["FLAGS", "INTERNALDATE", "RFC822.SIZE", HEAD, BEGINNING]


def login_of(path: str) -> str:
    """The name by which Dovecot knows a mailbox without its account."""
    return f"{path.replace('/', '.')}@{STORE_DOMAIN}"


@contextmanager
def opened(path: str, port: int) -> Iterator[IMAPClient]:
    """Raises StoreUnavailable, whenever the connection is lost."""
    try:
        client = IMAPClient(settings.MAIL_PLANE_DOVECOT_HOST, port, ssl=False, timeout=SECONDS)
        # Dates with their zone, not in that of this machine.
        client.normalise_times = False
        client.login(f"{login_of(path)}*console", master_password())
    except (OSError, IMAP4.error) as error:
        raise StoreUnavailable(f"Dovecot is away: {error}") from error
    try:
        yield client
    except (OSError, IMAP4.abort) as error:
        raise StoreUnavailable(f"Dovecot went away: {error}") from error
    except IMAPClientError as error:
        raise StoreError(str(error)) from error
    finally:
        with suppress(OSError, IMAP4.error):
            client.logout()


class OpenFolder:
    """A selected folder. Keys are "arrival.validity.uid", in which arrival sorts them."""

    def __init__(self, client: IMAPClient, folder: str, *, readonly: bool = False) -> None:
        names.to_directory(folder)
        self.client, self.name = client, folder
        try:
            selected = client.select_folder(folder, readonly=readonly)
        except IMAP4.abort:
            raise
        except IMAPClientError as error:
            raise NoSuchFolder(folder) from error
        self.validity = int(selected[b"UIDVALIDITY"])

    def key(self, uid: int, arrived: int) -> str:
        return f"{arrived}.{self.validity}.{uid}"

    def uids(self, keys: Iterable[str]) -> list[int]:
        """Of keys that may still mean something here."""
        mark = f".{self.validity}."
        found = (key.partition(mark)[2] for key in keys)
        return [int(uid) for uid in found if uid.isdecimal() and uid.isascii()]

    def newest(self, criteria: list[str], *, before: str = "", limit: int) -> list[int]:
        """Uids by arrival, the latest first, of those older than a key."""
        if before:
            # Of days alone the server knows, and of its own: the rest is told apart here.
            day = datetime.fromtimestamp(names.age_of(before)[0], UTC) + timedelta(days=2)
            criteria = [*criteria, "BEFORE", f"{day:%d-%b-%Y}"]
        # With REVERSE those of one second would come in the order of their arrival.
        found = self.client.sort("ARRIVAL", criteria, charset="UTF-8")[::-1]
        return self._older(found, before, limit) if before else found[:limit]

    def _older(self, uids: list[int], before: str, limit: int) -> list[int]:
        edge = self._place(before)
        older: list[int] = []
        for start in range(0, len(uids), CHUNK):
            chunk = uids[start : start + CHUNK]
            dates = self.client.fetch(chunk, ["INTERNALDATE"])
            older += [u for u in chunk if u in dates and (_arrival(dates[u]), u) < edge]
            if len(older) >= limit:
                break
        return older[:limit]

    def _place(self, key: str) -> tuple[int, int]:
        return names.age_of(key)[0], next(iter(self.uids([key])), 0)

    def envelopes(self, uids: list[int]) -> list[Envelope]:
        """In the order asked for, without those that went away."""
        shown: list[Envelope] = []
        for start in range(0, len(uids), CHUNK):
            chunk = uids[start : start + CHUNK]
            told = self.client.fetch(chunk, SHOWN)
            shown += [self._envelope(uid, told[uid]) for uid in chunk if uid in told]
        return shown

    def _envelope(self, uid: int, told: dict[bytes, Any]) -> Envelope:
        head, arrived = told[b"BODY[HEADER]<0>"], _arrival(told)
        known = {flag.decode("ascii", "replace") for flag in told[b"FLAGS"]}
        return headers.envelope(
            headers.parse_message(head),
            key=self.key(uid, arrived),
            folder=self.name,
            flags=frozenset(known & set(names.FLAG_LETTERS)),
            size_bytes=told[b"RFC822.SIZE"],
            arrived=arrived,
            preview=headers.preview_of(head + (told[b"BODY[TEXT]<0>"] or b"")),
        )


def _arrival(told: dict[bytes, Any]) -> int:
    return int(told[b"INTERNALDATE"].timestamp())
