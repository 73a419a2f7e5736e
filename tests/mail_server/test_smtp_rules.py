"""Every rule of the console, in a real SMTP session with a real refusal code."""

import base64
import smtplib
from email.policy import SMTP

import pytest

from mail_server.choices import DeliveryState
from mail_server.models import Delivery
from tests.factories.accounts import AccountFactory
from tests.mail_server.conftest import letter, send, subjects

OUTSIDER = "friend@elsewhere.example"


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


def test_forwarding_to_the_outside_is_held_where_no_smart_host_is_set(smtp):
    account = AccountFactory(
        mailbox__forwarding_allowed=True, mailbox__forward_to=["home@private.example"]
    )

    send(smtp(), OUTSIDER, account.address)

    held = Delivery.objects.get(mailbox=None)
    assert (held.recipient, held.state) == ("home@private.example", DeliveryState.HELD)


def test_a_full_mailbox_is_refused(smtp):
    account = AccountFactory(mailbox__quota_bytes=1000, mailbox__usage_bytes=1000)

    assert send(smtp(), OUTSIDER, account.address) == [(552, "5.2.2 Mailbox is full")]


def test_a_message_over_the_limit_is_refused(smtp, settings, running_server):
    account = AccountFactory()
    settings.MAIL_MESSAGE_MAX_BYTES = 1000
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)
    code, _text = session.data(letter(body="y\n" * 3000).as_bytes(policy=SMTP))

    assert code == 552
    assert subjects(account) == []


def test_mail_to_the_outside_is_held_and_nobody_is_written_to(smtp):
    account = AccountFactory()

    send(smtp(account), account.address, "x@outside.example")

    assert Delivery.objects.get().state == DeliveryState.HELD


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe\r\n",
        b"A" * 5000 + b"\r\n",
        b"MAIL FROM:<>\r\nRCPT TO:<@@>\r\nDATA\r\nQUIT",
        b"RCPT TO:<x@y>\r\nDATA\r\n.\r\n" * 20,
        "收件人\r\n".encode(),
        b"AUTH PLAIN " + base64.b64encode(b"a\0b") + b"\r\n",
    ],
)
def test_pipelined_garbage_is_answered_with_errors_and_the_server_goes_on(
    smtp, running_server, garbage
):
    account = AccountFactory()
    for port in running_server.ports.values():
        session = smtplib.SMTP("127.0.0.1", port)
        session.ehlo()
        session.sock.sendall(garbage)
        session.close()

    assert send(smtp(), OUTSIDER, account.address)[0][0] == 250


def test_a_malformed_message_is_stored_as_it_is(smtp):
    account = AccountFactory()
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)
    code, _ = session.data(b"no header at all \xff\xfe\r\n\r\nSubject: late\r\n\x00\r\n")

    assert code == 250
    assert subjects(account) == [""]
