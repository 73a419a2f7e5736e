"""What the console shows of mail that came through either plane."""

import pytest
from django.urls import reverse

from accounts.presets import AUDITOR
from tests.factories.accounts import AccountFactory, grant
from tests.mail_plane.letters import OUTSIDER, colleague_of
from tests.mail_server.conftest import letter, send


@pytest.fixture
def auditor(client, smtp):
    account = AccountFactory()
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def test_the_trace_shows_what_became_of_a_message_and_its_way(
    client, auditor, smtp, happened, outside, sink, monkeypatch
):
    monkeypatch.setattr(sink, "answer", "550 5.1.1 no such user")

    send(smtp(auditor), auditor.address, "friend@far.example", message=letter("Plans"))
    happened(("refused", "friend@far.example"))

    page = client.get(reverse("analytics:trace-list"), {"status": "refused"})
    [(outcome, _status)] = page.context["rows"]
    assert (outcome.sender, outcome.recipient) == (auditor.address, "friend@far.example")
    detail = client.get(reverse("analytics:trace-detail", args=[outcome.pk]))
    kinds = [step.event.kind for step in detail.context["steps"]]
    assert [kind for kind in kinds if kind != "filtered"] == ["received", "refused"]
    assert "no such user" in detail.content.decode()


def test_the_trace_shows_who_was_refused_at_the_door(client, auditor, smtp, happened):
    nobody = f"nobody@{auditor.domain.name}"

    send(smtp(), OUTSIDER, nobody)
    happened(("refused", nobody))

    page = client.get(reverse("analytics:trace-list"), {"address": nobody})
    [(outcome, _status)] = page.context["rows"]
    assert (outcome.kind, outcome.sender, outcome.dsn) == ("refused", OUTSIDER, "5.1.1")


def test_the_volume_page_counts_what_was_sent_and_received(client, auditor, smtp, happened):
    other = colleague_of(auditor)

    send(smtp(auditor), auditor.address, other.address, message=letter("Plans"))
    happened(("delivered", other.address))

    page = client.get(reverse("analytics:volume"))
    counted = {volume.of: (volume.sent, volume.received) for _row, volume in page.context["rows"]}
    assert counted == {auditor.address: (1, 0), other.address: (0, 1)}
    assert page.context["total"].sent_bytes > 0
