"""Reading Postfix's log: what its lines say, rotation, and each line once."""

import os
import threading
from datetime import UTC, datetime

import pytest

from mail_server.models import DailyVolume, LoggedMessage, LogPosition, MessageEvent
from mail_server.plane.log_lines import (
    Accepted,
    Client,
    MessageId,
    Outcome,
    Refusal,
    Removed,
    parse,
    time_of,
)
from mail_server.services.mail_log import forget_finished, read_on
from tests.factories.accounts import AccountFactory
from tests.processes import kill, running, wait_until

Q = "4jY9TG4YqszLqYF"


def line(text, service="smtpd", second=1):
    return f"Nov 25 04:00:{second:02} mx postfix/{service}[4711]: {text}"


@pytest.mark.parametrize(
    ("text", "service", "fact"),
    [
        (
            "client=localhost[127.0.0.1], sasl_method=PLAIN, sasl_username=a@acme.test",
            "submission/smtpd",
            Client("127.0.0.1", "a@acme.test"),
        ),
        ("client=unknown[2001:db8::1]", "smtpd", Client("2001:db8::1", "")),
        ("message-id=<1@x.test>", "cleanup", MessageId("<1@x.test>")),
        ("from=<>, size=367, nrcpt=10 (queue active)", "qmgr", Accepted("", 367)),
        (
            "to=<a@acme.test>, orig_to=<sales@acme.test>, relay=127.0.0.1[127.0.0.1]:2424, "
            "conn_use=2, delay=0.17, delays=0.16/0.01/0/0, dsn=2.0.0, status=sent "
            "(250 2.0.0 <a@acme.test> UcZq Saved)",
            "lmtp",
            Outcome(
                "a@acme.test",
                "sales@acme.test",
                "127.0.0.1[127.0.0.1]:2424",
                "2.0.0",
                "sent",
                "250 2.0.0 <a@acme.test> UcZq Saved",
            ),
        ),
        (
            "to=<d@down.test>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred "
            "(connect to 127.0.0.1[127.0.0.1]:2599: Connection refused)",
            "smtp",
            Outcome(
                "d@down.test",
                "d@down.test",
                "",
                "4.4.1",
                "deferred",
                "connect to 127.0.0.1[127.0.0.1]:2599: Connection refused",
            ),
        ),
        (
            "milter-reject: END-OF-MESSAGE from mx.foreign.test[192.0.2.10]: 5.7.1 Rejected by "
            "policy; from=<x@foreign.test> to=<a@acme.test> proto=ESMTP helo=<mx.foreign.test>",
            "cleanup",
            Refusal(
                "192.0.2.10",
                "x@foreign.test",
                "a@acme.test",
                "",
                "5.7.1",
                "5.7.1 Rejected by policy",
                is_final=True,
                is_whole=True,
            ),
        ),
        (
            "reject: RCPT from mx.foreign.test[192.0.2.10]: 451 4.3.0 <a@acme.test>: Recipient "
            "address rejected: Try later; from=<a@acme.test> to=<b@acme.test> proto=ESMTP "
            "helo=<mx.foreign.test>",
            "submission/smtpd",
            Refusal(
                "192.0.2.10",
                "a@acme.test",
                "b@acme.test",
                "a@acme.test",
                "4.3.0",
                "451 4.3.0 <a@acme.test>: Recipient address rejected: Try later",
                is_final=False,
                is_whole=False,
            ),
        ),
        ("removed", "qmgr", Removed()),
        (
            "to=<x@nowhere.invalid>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, "
            "status=sent (x)",
            "discard",
            None,
        ),
        (
            'to=<"a>b"@far.test>, relay=far.test[192.0.2.9]:25, delay=1, delays=1/0/0/0, '
            "dsn=5.0.0, status=bounced (host said: 550 dsn=2.0.0, status=sent (ok) (in reply))",
            "smtp",
            Outcome(
                '"a>b"@far.test',
                '"a>b"@far.test',
                "far.test[192.0.2.9]:25",
                "5.0.0",
                "bounced",
                "host said: 550 dsn=2.0.0, status=sent (ok) (in reply)",
            ),
        ),
        ("sender non-delivery notification: 4jY9TG5YqszLqYG", "bounce", None),
    ],
)
def test_the_lines_of_a_message_are_understood(text, service, fact):
    found = parse(line(f"{Q}: {text}", service))

    assert (found.queue_id, found.fact) == (Q, fact)


def test_a_refusal_before_there_is_a_queue_id_is_understood():
    found = parse(
        line(
            "NOQUEUE: reject: RCPT from mx.foreign.test[192.0.2.10]: 550 5.1.1 <n@acme.test>: "
            "Recipient address rejected: No such mailbox here; from=<x@foreign.test> "
            "to=<n@acme.test> proto=ESMTP helo=<mx.foreign.test>"
        )
    )

    assert (found.queue_id, found.fact.recipient, found.fact.dsn) == ("", "n@acme.test", "5.1.1")


@pytest.mark.parametrize("text", ["", "nonsense", "Nov 25 04:00:01 mx sshd[1]: removed"])
def test_what_postfix_has_not_written_is_passed_over(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("stamp", "now", "year"),
    [
        ("Dec 31 23:59:59", datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), 2026),
        ("Jan  1 00:00:01", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 2027),
        ("Feb 29 12:00:00", datetime(2026, 11, 25, tzinfo=UTC), 2026),
        ("Nov 25 12:00:00", datetime(2026, 11, 25, tzinfo=UTC), 2026),
    ],
)
def test_a_time_without_a_year_is_the_last_that_can_be(stamp, now, year):
    assert time_of(stamp, now=now).year == year


def way(queue_id, recipient, second=1):
    """The lines of one message from outside, delivered."""
    return [
        line(f"{queue_id}: client=mx.foreign.test[192.0.2.10]", second=second),
        line(f"{queue_id}: message-id=<{queue_id}@foreign.test>", "cleanup", second),
        line(
            f"{queue_id}: from=<x@foreign.test>, size=100, nrcpt=1 (queue active)", "qmgr", second
        ),
        line(
            f"{queue_id}: to=<{recipient}>, relay=127.0.0.1[127.0.0.1]:24, delay=0.1, "
            "delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Saved)",
            "lmtp",
            second,
        ),
        line(f"{queue_id}: removed", "qmgr", second),
    ]


def refusal(account, second=1):
    return line(
        f"NOQUEUE: reject: RCPT from x[192.0.2.10]: 550 5.1.1 <{account.address}>: no; "
        f"from=<x@foreign.test> to=<{account.address}> proto=ESMTP helo=<x>",
        second=second,
    )


def append(log, lines):
    with log.open("a") as file:
        file.writelines(f"{text}\n" for text in lines)


def rotate(log, number):
    """As long ago that nobody writes to it any more."""
    os.utime(log, (0, 0))
    log.rename(log.with_name(f"mail.log.20261125-{number:06}"))


def read_all(log):
    while read_on(log):
        pass


def delivered():
    return sorted(MessageEvent.objects.filter(kind="delivered").values_list("queue_id", flat=True))


@pytest.mark.django_db
def test_lines_of_one_second_keep_their_order_and_all_refusals_of_it_are_kept(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, [*way("QID0001", account.address), refusal(account), refusal(account)])

    read_all(log)

    kinds = MessageEvent.objects.order_by("at").values_list("kind", flat=True)
    assert list(kinds) == ["received", "delivered", "refused", "refused"]


@pytest.mark.django_db
def test_a_second_that_comes_after_the_next_hides_no_refusal(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, [refusal(account, second) for second in (1, 2, 1)])

    read_all(log)

    assert MessageEvent.objects.filter(kind="refused").count() == 3


@pytest.mark.django_db
def test_a_log_just_renamed_is_not_left_while_postfix_may_write_to_it(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, way("QID0001", account.address))
    rotated = log.rename(tmp_path / "mail.log.20261125-040001")
    append(log, way("QID0003", account.address))
    read_all(log)

    append(rotated, way("QID0002", account.address))
    os.utime(rotated, (0, 0))
    read_all(log)

    assert delivered() == ["QID0001", "QID0002", "QID0003"]


@pytest.mark.django_db
def test_logs_of_one_name_on_two_hosts_are_each_read_once(tmp_path, settings):
    account, logs = AccountFactory(), [tmp_path / name / "mail.log" for name in ("mx1", "mx2")]
    for number, log in enumerate(logs):
        log.parent.mkdir()
        append(log, way(f"QID000{number}", account.address))
    shared = tmp_path / "host"

    for _ in range(2):
        for log in logs:
            settings.MAIL_HOST_NAME = log.parent.name
            shared.symlink_to(log.parent)
            read_all(shared / "mail.log")
            shared.unlink()

    assert delivered() == ["QID0000", "QID0001"]
    assert LogPosition.objects.count() == 2


@pytest.mark.django_db
def test_a_half_written_line_is_read_when_it_is_whole(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    text = "\n".join(way("QID0001", account.address)) + "\n"
    cut = text.index("status=sent")
    log.write_text(text[:cut])
    read_all(log)
    assert delivered() == []

    append(log, [text[cut:].rstrip("\n")])
    read_all(log)

    assert delivered() == ["QID0001"]


@pytest.mark.django_db
def test_a_rotated_log_is_read_to_its_end_before_the_new_one(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, way("QID0001", account.address))
    read_all(log)
    append(log, way("QID0002", account.address))
    rotate(log, 1)
    append(log, way("QID0003", account.address))
    rotate(log, 2)
    append(log, way("QID0004", account.address))

    read_all(log)

    assert delivered() == ["QID0001", "QID0002", "QID0003", "QID0004"]


@pytest.mark.django_db
def test_what_has_left_the_queue_is_forgotten(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, [*way("QID0001", account.address), *way("QID0002", account.address)[:-1]])
    read_all(log)

    LoggedMessage.objects.update(is_filtered=True)
    forget_finished()

    kept = LoggedMessage.objects.values_list("queue_id", flat=True)
    assert list(kept) == ["QID0002"]


MESSAGES, DEATHS = 3000, 8


@pytest.mark.django_db(transaction=True)
def test_a_reader_killed_again_and_again_counts_each_message_once(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    ids = [f"QID{n:05}" for n in range(MESSAGES)]

    def write():
        for number, queue_id in enumerate(ids):
            append(log, way(queue_id, account.address, second=number // 100))
            if number in (MESSAGES // 3, MESSAGES // 2):
                rotate(log, number)

    writer = threading.Thread(target=write)
    writer.start()
    command = ("manage.py", "read_mail_log", str(log))
    for _ in range(DEATHS):
        known = how_far()
        with running(*command, var=tmp_path) as reader:
            wait_until(lambda known=known: how_far() != known or has_read(log))
            kill(reader)
    writer.join()
    with running(*command, var=tmp_path):
        wait_until(lambda: has_read(log))

    assert delivered() == ids
    day = DailyVolume.objects.get(account=account)
    assert (day.received, day.received_bytes) == (MESSAGES, MESSAGES * 100)


def how_far():
    return LogPosition.objects.values_list("inode", "offset").first()


def has_read(log):
    stat = log.stat() if log.exists() else None
    return stat is not None and how_far() == (stat.st_ino, stat.st_size)
