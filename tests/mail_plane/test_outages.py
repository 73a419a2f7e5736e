"""What becomes of mail while a server is away."""

import smtplib

import pytest

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, hand_in, meaning, real_only
from tests.mail_server.conftest import letter, send
from tests.processes import wait_until

pytestmark = real_only

TRY_LATER = (451, "4.3.0 Temporary failure, try again later")
TRY_LATER_UNSEEN = (451, "4.7.1 Temporary failure, try again later")


def bring_back(servers, name, *ports):
    servers.start_one(name)
    for port in ports:
        wait_until(lambda port=port: servers.answers(port))
    # Else a waiting process of Postfix would find out by the first sign-in of another test
    # that its connection to Dovecot is gone.
    servers.reload_postfix()


@pytest.mark.parametrize(
    ("name", "ports"), [("policy", ["policy"]), ("dovecot", ["quota", "lmtp", "sasl"])]
)
def test_mail_is_put_off_and_afterwards_it_flows(plane, smtp, subjects, name, ports):
    account = AccountFactory()
    plane.servers.stop_one(name)
    try:
        put_off = send(smtp(), OUTSIDER, account.address)
    finally:
        bring_back(plane.servers, name, *ports)
    taken = send(smtp(), OUTSIDER, account.address)

    assert meaning(put_off[0]) == TRY_LATER
    assert taken[0][0] == 250
    assert subjects(account) == ["Greetings"]


def test_what_rspamd_cannot_look_at_is_put_off_and_afterwards_it_flows(plane, smtp, subjects):
    account = AccountFactory()
    plane.servers.stop_one("rspamd")
    try:
        with smtplib.SMTP("127.0.0.1", plane.ports["smtp"], timeout=60) as session:
            session.helo("client.example")
            put_off = session.mail(OUTSIDER)
    finally:
        bring_back(plane.servers, "rspamd", "milter")
    taken = send(smtp(), OUTSIDER, account.address)

    assert put_off[0] == 451
    assert taken[0][0] == 250
    assert subjects(account) == ["Greetings"]


def test_what_clamav_cannot_look_at_is_put_off_and_afterwards_it_flows(plane, smtp, subjects):
    account = AccountFactory()
    plane.servers.stop_one("clamav")
    try:
        put_off = hand_in(smtp(), OUTSIDER, account.address, letter())
    finally:
        bring_back(plane.servers, "clamav", "clamav")
    taken = hand_in(smtp(), OUTSIDER, account.address, letter())

    assert put_off == TRY_LATER_UNSEEN
    assert taken[0] == 250
    assert subjects(account) == ["Greetings"]


def test_mail_that_was_taken_waits_for_the_mailboxes(plane, smtp, subjects):
    account = AccountFactory()
    session = smtp()
    session.mail(OUTSIDER)
    assert session.rcpt(account.address)[0] == 250
    plane.servers.stop_one("dovecot")
    try:
        taken = session.data(letter().as_bytes())
        wait_until(plane.servers.deferred)
    finally:
        bring_back(plane.servers, "dovecot", "quota", "lmtp", "sasl")
    assert subjects(account) == []

    plane.servers.flush()
    wait_until(lambda: not plane.servers.deferred())

    assert taken[0] == 250
    assert subjects(account) == ["Greetings"]


def test_a_members_mail_is_put_off_when_the_console_goes_before_it_is_handed_in(
    plane, smtp, subjects
):
    account = AccountFactory()
    session = smtp(account)
    session.mail(account.address)
    assert session.rcpt(account.address)[0] == 250
    plane.servers.stop_one("policy")
    try:
        put_off = session.data(letter(sender=account.address).as_bytes())
    finally:
        bring_back(plane.servers, "policy", "policy", "sign_in")
    taken = send(smtp(account), account.address, account.address)

    assert (put_off[0], put_off[1].decode()) == TRY_LATER_UNSEEN
    assert taken[0][0] == 250
    assert subjects(account) == ["Greetings"]
