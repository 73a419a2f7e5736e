"""What is particular to mail on the local disk; what all stores do is in tests/mail_plane."""

import contextlib
import os

import pytest

from mail_server.stores.base import INBOX, StoreError
from mail_server.stores.maildir import MaildirStore

BOX = "a1b2"


@pytest.fixture
def store(tmp_path):
    return MaildirStore(tmp_path)


def mail(subject="Hello", body="Text"):
    head = f"From: Ada <ada@x.example>\r\nTo: b@x.example\r\nSubject: {subject}\r\n"
    return f"{head}\r\n{body}\r\n".encode()


def test_what_no_mail_server_would_send_is_read_back_byte_for_byte(store):
    content = mail() + bytes(range(256))

    key = store.deliver(BOX, content, unique="one")

    assert store.read(BOX, INBOX, key) == content
    assert store.usage(BOX) == len(content)


@pytest.mark.parametrize("folder", ["", "../x", "a//b", "\x00", "x" * 300, "/etc", "a/\n"])
def test_a_folder_never_leads_out_of_its_mailbox(store, folder, tmp_path):
    store.deliver(BOX, mail(), unique="one")

    with contextlib.suppress(StoreError):
        store.create_folder(BOX, folder)

    assert [entry.name for entry in tmp_path.iterdir()] == [BOX]
    assert not (tmp_path.parent / "x").exists()


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
