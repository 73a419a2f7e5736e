"""What every mail store does: that of the embedded server, and Dovecot's."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from mail_server.stores.base import (
    DRAFTS,
    FLAGGED,
    INBOX,
    JUNK,
    SEEN,
    SENT,
    STANDARD_FOLDERS,
    TRASH,
    NoSuchFolder,
    NoSuchMessage,
    StoreError,
)
from mail_server.stores.dovecot import DovecotStore
from mail_server.stores.maildir import MaildirStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PATHS = ["..", "../other", "/etc", "a/../b", "", "a b", "a.b", "a@b", "a*b"]


@pytest.fixture(params=["maildir", "dovecot"])
def store(request, settings, tmp_path):
    if request.param == "maildir":
        return MaildirStore(tmp_path)
    servers = request.getfixturevalue("real_servers")
    return DovecotStore(servers.ports, root=settings.MAIL_STORE_DIR / "boxes")


@pytest.fixture
def box():
    return f"tests/{uuid.uuid4().hex}"


@pytest.fixture
def other_box():
    return f"tests/{uuid.uuid4().hex}"


def mail(subject="Hello", body="Text"):
    head = f"From: Ada <ada@x.example>\r\nTo: b@y.example\r\nSubject: {subject}\r\n"
    return f"{head}\r\n{body}\r\n".encode()


def subjects(store, box, folder=INBOX):
    return [envelope.subject for envelope in store.listing(box, folder)]


def folder_names(store, box):
    return [folder.name for folder in store.folders(box)]


def test_what_is_delivered_is_read_back_byte_for_byte(store, box):
    content = mail("你好", body="中文\r\n.\r\n" + "é" * 100_000)

    key = store.deliver(box, content, unique="one")

    assert store.read(box, INBOX, key) == content
    assert len(content) <= store.usage(box) < len(content) + 100


def test_an_envelope_tells_what_a_list_shows(store, box):
    key = store.deliver(box, mail("预算", body="Dear all"), unique="a", received_at=NOON)

    (found,) = store.listing(box, INBOX)

    assert (found.key, found.folder, found.date) == (key, INBOX, NOON)
    assert (found.subject, found.sender, found.recipients) == ("预算", "Ada", "b@y.example")
    assert (found.preview, found.is_unread, found.has_attachments) == ("Dear all", True, False)
    assert store.envelope(box, INBOX, key) == found


def test_the_newest_come_first_and_pages_join_without_gap_or_overlap(store, box):
    for n in [*range(0, 25, 2), *range(1, 25, 2)]:
        moment = NOON + timedelta(hours=n)
        store.deliver(box, mail(f"n{n}"), unique=f"u{n}", received_at=moment)

    seen, before = [], ""
    while page := store.listing(box, INBOX, before=before, limit=10):
        seen += [envelope.subject for envelope in page]
        before = page[-1].key

    assert seen == [f"n{n}" for n in reversed(range(25))]


def test_mail_of_the_same_second_is_paged_without_gap_or_overlap(store, box):
    for n in range(7):
        store.deliver(box, mail(f"n{n}"), unique=f"u{n}", received_at=NOON)

    seen, before = [], ""
    while page := store.listing(box, INBOX, before=before, limit=3):
        seen += [envelope.subject for envelope in page]
        before = page[-1].key

    assert seen == [f"n{n}" for n in reversed(range(7))]


def test_a_repeated_delivery_is_no_second_copy_wherever_the_first_went(store, box):
    key = store.deliver(box, mail(), unique="d7")
    store.move(box, INBOX, [key], "Archive/2026")

    again = store.deliver(box, mail(), unique="d7", may_exist=True)

    assert store.listing(box, INBOX) == []
    assert [envelope.key for envelope in store.listing(box, "Archive/2026")] == [again]


def test_a_delivery_of_a_longer_name_is_not_taken_for_a_repetition(store, box):
    store.deliver(box, mail("first"), unique="d7")

    store.deliver(box, mail("second"), unique="d71", may_exist=True)

    assert sorted(subjects(store, box)) == ["first", "second"]


def test_no_sender_keeps_a_delivery_away(store, box):
    forged = b"X-Delivery-Id: <d7>\r\n" + mail("forged")
    store.deliver(box, forged, unique="from-outside")

    store.deliver(box, mail("ours"), unique="d7", may_exist=True)

    assert sorted(subjects(store, box)) == ["forged", "ours"]


def test_eight_writers_at_once_lose_and_double_nothing(store, box):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.deliver(box, mail(str(n)), unique=f"u{n}"), range(80)))

    found = store.listing(box, INBOX, limit=500)

    assert {envelope.subject for envelope in found} == {str(n) for n in range(80)}
    assert len(found) == 80


def test_flags_are_kept_and_counted(store, box):
    key = store.deliver(box, mail(), unique="one")
    store.deliver(box, mail(), unique="two")

    store.set_flags(box, INBOX, [key], add={SEEN, FLAGGED})
    store.set_flags(box, INBOX, [key], remove={FLAGGED})

    assert store.envelope(box, INBOX, key).flags == {SEEN}
    inbox = store.folders(box)[0]
    assert (inbox.name, inbox.total, inbox.unread) == (INBOX, 2, 1)


def test_flags_given_at_a_delivery_are_there_from_the_beginning(store, box):
    key = store.deliver(box, mail(), unique="one", folder=SENT, flags={SEEN})

    assert store.envelope(box, SENT, key).flags == {SEEN}


def test_moving_deleting_and_usage(store, box):
    key = store.deliver(box, mail(), unique="one")

    store.move(box, INBOX, [key], TRASH)
    assert subjects(store, box) == []
    (moved,) = store.listing(box, TRASH)
    store.delete(box, TRASH, [moved.key])

    assert store.usage(box) == 0
    with pytest.raises(NoSuchMessage):
        store.read(box, TRASH, moved.key)


def test_only_the_chosen_messages_go(store, box):
    keys = [store.deliver(box, mail(str(n)), unique=f"u{n}") for n in range(4)]

    store.delete(box, INBOX, [keys[0]])
    store.move(box, INBOX, [keys[1], "1.2.3"], TRASH)

    assert sorted(subjects(store, box)) == ["2", "3"]
    assert subjects(store, box, TRASH) == ["1"]


def test_the_standard_folders_are_there_from_the_beginning(store, box):
    assert folder_names(store, box) == list(STANDARD_FOLDERS)
    assert [store.listing(box, name) for name in STANDARD_FOLDERS] == [[]] * 5


@pytest.mark.parametrize(
    "name", ["割接.值班", "A & B", "a/b/c", "R&D-2026", "空 格", "~x/~", "a\\b\\2e"]
)
def test_folder_names_come_back_as_they_were_given(store, box, name):
    store.create_folder(box, name)
    store.create_folder(box, name)

    assert name in folder_names(store, box)
    store.delete_folder(box, name)
    assert name not in folder_names(store, box)


def test_a_renamed_folder_keeps_its_mail_and_the_folders_below(store, box):
    store.deliver(box, mail("top"), unique="a", folder="Work")
    store.deliver(box, mail("deep"), unique="b", folder="Work/2026")

    store.rename_folder(box, "Work", "割接")

    assert (subjects(store, box, "割接"), subjects(store, box, "割接/2026")) == (["top"], ["deep"])
    assert not {"Work", "Work/2026"} & set(folder_names(store, box))


@pytest.mark.parametrize(("old", "new"), [(DRAFTS, "x"), ("Work", JUNK), ("Work", "Other")])
def test_a_standard_folder_is_not_renamed_and_no_name_taken_twice(store, box, old, new):
    store.create_folder(box, "Work")
    store.create_folder(box, "Other")

    with pytest.raises(StoreError):
        store.rename_folder(box, old, new)

    assert folder_names(store, box) == [*STANDARD_FOLDERS, "Other", "Work"]


def test_a_standard_folder_is_not_deleted(store, box):
    with pytest.raises(StoreError):
        store.delete_folder(box, TRASH)


@pytest.mark.parametrize(
    "folder", ["", "../x", "a//b", "\x00", "x" * 300, "/etc", "a/\n", "*", "%"]
)
def test_an_odd_folder_name_harms_no_other(store, box, folder):
    store.deliver(box, mail(), unique="one")

    try:
        store.create_folder(box, folder)
    except StoreError:
        made = []
    else:
        made = [folder]

    assert folder_names(store, box) == [*STANDARD_FOLDERS, *made]
    assert subjects(store, box) == ["Hello"]


@pytest.mark.parametrize("path", PATHS)
def test_a_store_path_never_leads_out_of_the_store(store, path):
    with pytest.raises(StoreError):
        store.deliver(path, mail(), unique="one")
    with pytest.raises(StoreError):
        store.purge(path)


def test_an_unknown_folder_is_refused(store, box):
    with pytest.raises(NoSuchFolder):
        store.listing(box, "Nowhere")


@pytest.mark.parametrize("key", ["", "x", "1.2.3", "1.2.*", "9999999999.M1.u,S=1"])
def test_an_unknown_message_is_refused(store, box, key):
    store.deliver(box, mail(), unique="one")

    with pytest.raises(NoSuchMessage):
        store.read(box, INBOX, key)
    with pytest.raises(NoSuchMessage):
        store.envelope(box, INBOX, key)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("预算", {(INBOX, "预算会议"), (SENT, "x")}),
        ("预算 会议", {(INBOX, "预算会议")}),
        ("y.example", {(INBOX, "预算会议"), (INBOX, "other")}),
        ("OTHER", {(INBOX, "other")}),
        ("delivery", set()),
        ('" (', set()),
        ("NIL)", set()),
    ],
)
def test_search_looks_into_subject_addresses_and_encoded_text(store, box, query, found):
    store.deliver(box, mail("预算会议"), unique="a")
    encoded = "Subject: x\r\nContent-Transfer-Encoding: base64\r\n"
    encoded += "Content-Type: text/plain; charset=utf-8\r\n\r\n6aKE566X6K+05piO\r\n"
    store.deliver(box, encoded.encode(), unique="b", folder=SENT)
    store.deliver(box, mail("other"), unique="c")

    assert {(hit.folder, hit.subject) for hit in store.search(box, query)} == found


def test_search_finds_the_newest_within_a_folder(store, box):
    for n in range(4):
        moment = NOON + timedelta(days=n)
        store.deliver(box, mail(f"plan {n}"), unique=f"u{n}", received_at=moment)
    store.deliver(box, mail("plan 9"), unique="u9", folder=SENT)

    found = store.search(box, "plan", folder=INBOX, limit=2)

    assert [envelope.subject for envelope in found] == ["plan 3", "plan 2"]


def test_attaching_moves_all_mail_below_a_folder_of_the_heir(store, box, other_box):
    key = store.deliver(box, mail("in"), unique="a", received_at=NOON)
    store.set_flags(box, INBOX, [key], add={SEEN})
    store.deliver(box, mail("deep"), unique="b", folder="Projects/2026")
    store.deliver(other_box, mail("mine"), unique="a")

    store.attach(box, other_box, "Archive of old")

    assert subjects(store, other_box) == ["mine"]
    assert subjects(store, other_box, "Archive of old/Projects/2026") == ["deep"]
    (moved,) = store.listing(other_box, "Archive of old/INBOX")
    assert (moved.subject, moved.date, moved.is_unread) == ("in", NOON, False)
    assert store.usage(box) == 0


def test_attaching_again_loses_nothing_that_was_attached_before(store, box, other_box):
    store.deliver(box, mail("first"), unique="a")
    store.attach(box, other_box, "Archive")
    store.deliver(box, mail("second"), unique="b")

    store.attach(box, other_box, "Archive")
    store.attach(box, other_box, "Archive")

    assert sorted(subjects(store, other_box, "Archive/INBOX")) == ["first", "second"]


def test_purging_removes_everything_and_twice_is_no_error(store, box):
    store.deliver(box, mail(), unique="one")
    store.deliver(box, mail(), unique="two", folder="Work/2026")

    store.purge(box)
    store.purge(box)

    assert store.usage(box) == 0
    assert folder_names(store, box) == list(STANDARD_FOLDERS)


@pytest.mark.parametrize("name", ["割接.值班", "~x/~", "a\\b.c", "R&D"])
def test_both_stores_read_what_the_other_has_made(real_servers, settings, box, name):
    root = settings.MAIL_STORE_DIR / "boxes"
    dovecot, maildir = DovecotStore(real_servers.ports, root=root), MaildirStore(root)
    dovecot.deliver(box, mail("one"), unique="a", folder=name)
    (key,) = [envelope.key for envelope in maildir.listing(box, name)]

    maildir.set_flags(box, name, [key], add={SEEN})

    assert folder_names(maildir, box) == folder_names(dovecot, box)
    assert not dovecot.listing(box, name)[0].is_unread
