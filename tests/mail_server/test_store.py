import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from mail_server.stores.base import (
    FLAGGED,
    INBOX,
    SEEN,
    SENT,
    TRASH,
    NoSuchFolder,
    NoSuchMessage,
    StoreError,
)
from mail_server.stores.maildir import MaildirStore

BOX = "a1b2"


@pytest.fixture
def store(tmp_path):
    return MaildirStore(tmp_path)


def mail(subject="Hello", body="Text"):
    head = f"From: Ada <ada@x.example>\r\nTo: b@x.example\r\nSubject: {subject}\r\n"
    return f"{head}\r\n{body}\r\n".encode()


def test_what_is_delivered_is_read_back_byte_for_byte(store):
    content = mail() + bytes(range(256))

    key = store.deliver(BOX, content, unique="one")

    assert store.read(BOX, INBOX, key) == content
    assert store.usage(BOX) == len(content)


def test_the_newest_come_first_and_pages_join_without_gap_or_overlap(store):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in range(25):
        store.deliver(BOX, mail(f"n{n}"), unique=f"u{n}", received_at=start + timedelta(hours=n))

    seen, before = [], ""
    while page := store.listing(BOX, INBOX, before=before, limit=10):
        seen += [envelope.subject for envelope in page]
        before = page[-1].key

    assert seen == [f"n{n}" for n in reversed(range(25))]


def test_a_repeated_delivery_is_no_second_copy_wherever_the_first_went(store):
    key = store.deliver(BOX, mail(), unique="d7")
    store.move(BOX, INBOX, [key], "Archive/2026")

    again = store.deliver(BOX, mail(), unique="d7", may_exist=True)

    assert again == key
    assert store.listing(BOX, INBOX) == []


def test_eight_writers_at_once_lose_and_double_nothing(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.deliver(BOX, mail(str(n)), unique=f"u{n}"), range(200)))

    found = store.listing(BOX, INBOX, limit=500)

    assert {envelope.subject for envelope in found} == {str(n) for n in range(200)}
    assert len(found) == 200


def test_flags_are_kept_and_counted(store):
    key = store.deliver(BOX, mail(), unique="one")

    store.set_flags(BOX, INBOX, [key], add={SEEN, FLAGGED})
    store.set_flags(BOX, INBOX, [key], remove={FLAGGED})

    assert store.envelope(BOX, INBOX, key).flags == {SEEN}
    assert store.folders(BOX)[0].unread == 0


def test_moving_deleting_and_usage(store):
    key = store.deliver(BOX, mail(), unique="one")

    store.move(BOX, INBOX, [key], TRASH)
    assert [e.key for e in store.listing(BOX, TRASH)] == [key]
    store.delete(BOX, TRASH, [key])

    assert store.usage(BOX) == 0
    with pytest.raises(NoSuchMessage):
        store.read(BOX, TRASH, key)


@pytest.mark.parametrize("name", ["割接.值班", "A & B", "a/b/c", "R&D-2026", "空 格"])
def test_folder_names_come_back_as_they_were_given(store, name):
    store.create_folder(BOX, name)

    assert name in [folder.name for folder in store.folders(BOX)]
    store.delete_folder(BOX, name)
    assert name not in [folder.name for folder in store.folders(BOX)]


@pytest.mark.parametrize("folder", ["", "../x", "a//b", "\x00", "x" * 300, "/etc", "a/\n"])
def test_a_folder_never_leads_out_of_its_mailbox(store, folder, tmp_path):
    store.deliver(BOX, mail(), unique="one")

    with contextlib.suppress(StoreError):
        store.create_folder(BOX, folder)

    assert [entry.name for entry in tmp_path.iterdir()] == [BOX]
    assert not (tmp_path.parent / "x").exists()


@pytest.mark.parametrize("path", ["..", "../other", "/etc", "a/../b", "", "a b"])
def test_a_store_path_never_leads_out_of_the_store(store, path):
    with pytest.raises(StoreError):
        store.deliver(path, mail(), unique="one")


def test_an_unknown_folder_is_refused(store):
    with pytest.raises(NoSuchFolder):
        store.listing(BOX, "Nowhere")


def test_search_looks_into_subject_addresses_and_encoded_text(store):
    store.deliver(BOX, mail("预算会议"), unique="a")
    encoded = "Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n6aKE566X6K+05piO\r\n"
    store.deliver(BOX, encoded.encode(), unique="b", folder=SENT)
    store.deliver(BOX, mail("other"), unique="c")

    found = store.search(BOX, "预算")

    assert {(e.folder, e.subject) for e in found} == {(INBOX, "预算会议"), (SENT, "x")}


def test_attaching_moves_all_mail_below_a_folder_of_the_heir(store):
    store.deliver("old", mail("in"), unique="a")
    store.deliver("old", mail("deep"), unique="b", folder="Projects/2026")

    store.attach("old", "heir", "Archive of old")

    names = [folder.name for folder in store.folders("heir")]
    assert "Archive of old/INBOX" in names
    assert "Archive of old/Projects/2026" in names
    assert store.listing("heir", "Archive of old/Projects/2026")[0].subject == "deep"
    assert store.usage("old") == 0


def test_a_delivery_is_whole_or_not_there_at_all(store, monkeypatch):
    """The disk fills up while a message is written."""

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        store.deliver(BOX, mail(), unique="one")

    assert store.listing(BOX, INBOX) == []


def test_purging_removes_everything_and_twice_is_no_error(store, tmp_path):
    store.deliver(BOX, mail(), unique="one")

    store.purge(BOX)
    store.purge(BOX)

    assert list(tmp_path.iterdir()) == []
