"""Sender addresses of mail that is sent on."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mail_server import srs
from mail_server.plane.sender_table import answer

NOW = datetime(2026, 11, 25, tzinfo=UTC)
STRANGERS = ["friend@elsewhere.example", "Bounces+a=b=Cd@Lists.example", "a.b_c-d@x.y.example"]


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_bounce_finds_back_to_the_stranger(settings, stranger):
    ours = srs.rewritten(stranger)

    assert ours.endswith(f"@{settings.MAIL_SRS_DOMAIN}")
    assert srs.original(ours) == stranger


def test_a_change_of_case_on_the_way_does_not_matter():
    ours = srs.rewritten("friend@elsewhere.example")

    assert srs.original(ours.upper()) == "FRIEND@ELSEWHERE.EXAMPLE"


@pytest.mark.parametrize(
    ("old", "new"),
    [("friend", "victim"), ("elsewhere", "nowhere"), ("SRS0=", "SRS0=a"), ("SRS0", "SRS1")],
)
def test_what_was_changed_is_forged(old, new):
    ours = srs.rewritten("friend@elsewhere.example")

    assert srs.original(ours.replace(old, new)) is None


@pytest.mark.parametrize(
    "local", ["SRS0=", "SRS0=a=b=c=d", "SRS0====", "SRS1=x", "SRS1=a=b=", "srs0=é"]
)
def test_what_we_have_not_made_is_nobody(settings, local):
    assert srs.original(f"{local}@{settings.MAIL_SRS_DOMAIN}") is None


@pytest.mark.parametrize(("days", "is_valid"), [(21, True), (22, False), (-1, False)])
def test_an_address_holds_for_three_weeks(days, is_valid):
    ours = srs.rewritten("friend@elsewhere.example")

    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        assert (srs.original(ours) is not None) == is_valid


def test_what_another_host_has_rewritten_goes_back_to_that_host():
    theirs = "SRS0=hash=AB=origin.example=friend@forwarder.example"
    ours = srs.rewritten(theirs)

    assert ours.startswith("SRS1=")
    assert srs.original(ours) == theirs


def test_a_third_host_goes_back_to_the_first():
    second = "SRS1=hash=forwarder.example==other=AB=origin.example=friend@second.example"

    assert srs.original(srs.rewritten(second)) == (
        "SRS0=other=AB=origin.example=friend@forwarder.example"
    )


def test_what_is_ours_already_stays_as_it_is():
    ours = srs.rewritten("friend@elsewhere.example")

    assert srs.rewritten(ours) == ours


@pytest.mark.parametrize("address", ['"a b"@elsewhere.example', "friend@[192.0.2.1]", ""])
def test_what_has_no_such_form_stays_as_it_is(address):
    assert srs.rewritten(address) == address


def test_postfix_is_answered_in_both_directions():
    ours = srs.rewritten("friend@elsewhere.example")

    assert answer(b"get friend@elsewhere.example\n") == f"200 {ours}\n".encode()
    assert answer(f"get undo:{ours}\n".encode()) == b"200 friend@elsewhere.example\n"


@pytest.mark.parametrize("line", [b"get undo:x@y\n", b"get \n", b"put a b\n", b"\xff\x00\n", b"\n"])
def test_postfix_is_told_that_nothing_was_found(line):
    assert answer(line).startswith(b"500 ")
