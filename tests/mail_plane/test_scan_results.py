"""What Rspamd found is kept, whatever became of the message."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from mail_server.models import ScanVerdict
from mail_server.services.scans import drop_old_scans, record_scan
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, hand_in, real_only
from tests.mail_plane.scanner import EICAR
from tests.mail_server.conftest import letter
from tests.processes import wait_until

TOLD = {
    "qid": "4jY9Lw1F2zzLqXh",
    "action": "no action",
    "score": -0.1,
    "symbols": [{"name": "ARC_NA", "score": 0, "group": "policies", "options": ["none"]}],
    "subject": "测试 events",
    "message_id": "bec46006@t.test",
    "user": "Alice@acme.test",
    "ip": "192.0.2.7",
    "from": "alice@acme.test",
    "rcpt": ["a@foreign.test", "all@acme.test"],
}


def only_verdict():
    wait_until(ScanVerdict.objects.exists)
    return ScanVerdict.objects.get()


@real_only
def test_what_was_found_in_a_message_is_kept(plane, smtp):
    account = AccountFactory()
    message = letter(subject="来信 from outside", to=account.address)

    assert hand_in(smtp(), OUTSIDER, account.address, message)[0] == 250

    verdict = only_verdict()
    assert (verdict.action, verdict.subject) == ("no action", "来信 from outside")
    assert (verdict.login, verdict.client_ip) == ("", "127.0.0.1")
    assert (verdict.envelope_sender, verdict.recipients) == (OUTSIDER, [account.address])
    assert f"{verdict.queue_id}: from=<{OUTSIDER}>" in plane.servers.log
    assert {symbol["name"] for symbol in verdict.symbols} >= {"FROM_EQ_ENVFROM"}


@real_only
def test_what_was_found_in_a_refused_message_of_a_member_is_kept(plane, smtp):
    account = AccountFactory()

    answer = hand_in(smtp(account), account.address, OUTSIDER, letter(body=EICAR))

    verdict = only_verdict()
    assert answer[0] == 554
    assert (verdict.action, verdict.login) == ("reject", account.address)
    assert "CLAM_VIRUS" in {symbol["name"] for symbol in verdict.symbols}


@pytest.mark.django_db
def test_a_verdict_that_is_told_twice_is_kept_once():
    assert record_scan(TOLD)
    assert record_scan(TOLD | {"score": 7})

    verdict = ScanVerdict.objects.get()
    assert (verdict.score, verdict.login) == (-0.1, "alice@acme.test")
    assert verdict.symbols == [{"name": "ARC_NA", "score": 0, "options": ["none"]}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "strange",
    [
        {"subject": "a\x00b"},
        {"subject": json.loads('"\\ud800"')},
        {"subject": "x" * 5000, "message_id": None, "ip": "unknown", "user": "unknown"},
        {"symbols": [{"name": "A\x00", "score": float("nan"), "options": ["\x00", 1]}, "text"]},
        {"symbols": "none", "rcpt": "unknown", "from": "x" * 5000, "score": None},
        {"score": float("inf"), "rcpt": [None, "\ud800@x"]},
    ],
)
def test_nothing_that_a_stranger_writes_keeps_a_verdict_away(strange):
    assert record_scan(TOLD | strange)
    assert ScanVerdict.objects.get().queue_id == TOLD["qid"]


@pytest.mark.django_db
@pytest.mark.parametrize("told", [{}, {"qid": "unknown"}, {"qid": 7}])
def test_what_tells_of_no_message_is_not_kept(told):
    assert not record_scan(told)
    assert not ScanVerdict.objects.exists()


@pytest.mark.django_db
def test_what_was_found_long_ago_is_forgotten():
    for days, queue_id in ((89, "recent"), (91, "old")):
        record_scan(TOLD | {"qid": queue_id})
        when = timezone.now() - timedelta(days=days)
        ScanVerdict.objects.filter(queue_id=queue_id).update(received_at=when)

    drop_old_scans()

    assert [verdict.queue_id for verdict in ScanVerdict.objects.all()] == ["recent"]
