"""Joining what Rspamd found to what Postfix's log tells of the same message."""

import pytest

from mail_server.models import LoggedMessage, MessageEvent
from mail_server.services.mail_log import forget_finished
from mail_server.services.scan_events import join_verdicts
from mail_server.services.scans import record_scan
from tests.factories.accounts import AccountFactory
from tests.mail_server.test_mail_log import append, line, read_all, way

pytestmark = pytest.mark.django_db
Q = "QID0001"


def found(*recipients, subject="你好", **values):
    told = {"qid": Q, "action": "add header", "score": 7.2, "subject": subject}
    record_scan(told | {"rcpt": [*recipients], "from": "x@foreign.test"} | values)


def events():
    kept = MessageEvent.objects.order_by("kind", "recipient")
    return list(kept.values_list("kind", "recipient", "subject"))


@pytest.mark.parametrize("first", ["log", "finding"])
def test_whichever_comes_first_both_are_told_once(tmp_path, first):
    account, log = AccountFactory(), tmp_path / "mail.log"
    append(log, way(Q, account.address))
    steps = [lambda: read_all(log), lambda: found(account.address)]

    for step in steps if first == "log" else steps[::-1]:
        step()
        join_verdicts()
    again = join_verdicts()

    assert again == 0
    assert events() == [
        ("delivered", account.address, "你好"),
        ("filtered", "", "你好"),
        ("received", "", "你好"),
    ]
    assert MessageEvent.objects.get(kind="filtered").reason == "add header (7.2)"


def test_a_subject_learned_halfway_is_told_of_what_comes_later(tmp_path):
    account, log = AccountFactory(), tmp_path / "mail.log"
    lines = way(Q, account.address)
    append(log, lines[:3])
    read_all(log)
    found(account.address)
    join_verdicts()

    append(log, lines[3:])
    read_all(log)

    assert {subject for _kind, _recipient, subject in events()} == {"你好"}


def test_a_message_refused_at_its_end_is_refused_for_each_of_its_recipients(tmp_path):
    account, other = AccountFactory(), AccountFactory()
    log = tmp_path / "mail.log"
    text = (
        f"{Q}: milter-reject: END-OF-MESSAGE from mx.foreign.test[192.0.2.10]: 5.7.1 Spam; "
        f"from=<x@foreign.test> to=<{account.address}> proto=ESMTP helo=<mx.foreign.test>"
    )
    append(log, [line(text, "cleanup")])
    read_all(log)

    found(account.address, other.address, action="reject")
    join_verdicts()

    refused = MessageEvent.objects.filter(kind="refused").order_by("recipient")
    assert {(e.recipient, e.organization_id, e.dsn, e.reason) for e in refused} == {
        (a.address, a.organization_id, "5.7.1", "5.7.1 Spam") for a in (account, other)
    }
    assert refused.count() == 2
    forget_finished()
    assert not LoggedMessage.objects.exists()


def test_what_rspamd_found_in_mail_that_never_came_in_is_not_told(tmp_path):
    log = tmp_path / "mail.log"
    append(log, [line(f"{Q}: client=mx.foreign.test[192.0.2.10]")])
    read_all(log)

    found("nobody@acme.test")

    assert join_verdicts() == 0
