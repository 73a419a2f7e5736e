"""What no honest client sends: each gets a refusal in the words of SMTP, and harms nobody."""

import base64
import logging
import smtplib
import socket

import pytest

from mail_server.embedded import smtp as server
from mail_server.models import Delivery, QueuedMessage
from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_server.conftest import inbox, send, subjects

OUTSIDER = b"friend@elsewhere.example"


class RawSession:
    """Bytes to the server, and its answers, without a client library that would mend them."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.stream = self.socket.makefile("rb")
        self.answer()

    def answer(self):
        """The code and the text of the next answer; (0, "") when the server hung up."""
        line = self.stream.readline()
        while line[3:4] == b"-":
            line = self.stream.readline()
        return int(line[:3] or 0), line[4:].strip().decode()

    def say(self, line):
        self.socket.sendall(line + b"\r\n")
        return self.answer()

    def envelope(self, *recipients, sender=OUTSIDER):
        self.say(b"EHLO client.example")
        self.say(b"MAIL FROM:<" + sender + b">")
        for recipient in recipients:
            self.say(b"RCPT TO:<" + recipient + b">")

    def data(self, content):
        assert self.say(b"DATA")[0] == 354
        return self.say(content + b"\r\n.")

    def close(self):
        self.stream.close()
        self.socket.close()


@pytest.fixture
def raw(running_server, transactional_db):
    sessions = []

    def connect(port="smtp"):
        sessions.append(RawSession(running_server.ports[port]))
        return sessions[-1]

    yield connect
    for session in sessions:
        session.close()


@pytest.fixture
def account(transactional_db):
    return AccountFactory()


def address(account):
    return account.address.encode()


def stored(account):
    store, path = mail_store(), account.mailbox.store_path
    return [store.read(path, "INBOX", envelope.key) for envelope in inbox(account)]


@pytest.mark.parametrize(
    "ending", [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\n.\r", b"\r\n\x00.\r\n"]
)
def test_a_second_message_cannot_be_smuggled_in_behind_a_false_end_of_data(raw, account, ending):
    session = raw()
    session.envelope(address(account))
    smuggled = (
        b"MAIL FROM:<boss@bank.example>\r\nRCPT TO:<" + address(account) + b">\r\n"
        b"DATA\r\nSubject: Smuggled\r\n\r\nPay"
    )

    code, _text = session.data(b"Subject: First\r\n\r\nHello" + ending + smuggled)

    assert code == 250
    assert subjects(account) == ["First"]
    assert QueuedMessage.objects.count() == 1


def test_line_ends_of_a_stored_message_are_all_alike(raw, account):
    session = raw()
    session.envelope(address(account))

    session.data(b"Subject: Mixed\n\nOne\nTwo\r\nThree\rFour")

    (content,) = stored(account)
    assert content.endswith(b"Subject: Mixed\r\n\r\nOne\r\nTwo\r\nThree\r\nFour\r\n")


def test_a_dot_at_the_beginning_of_a_line_comes_through(raw, account):
    session = raw()
    session.envelope(address(account))

    session.data(b"Subject: Dots\r\n\r\n..hidden\r\n..")

    assert stored(account)[0].endswith(b"\r\n\r\n.hidden\r\n.\r\n")


def test_a_line_without_end_is_refused_and_the_session_goes_on(raw, account):
    session = raw()
    session.envelope(address(account))

    code, _text = session.data(b"Subject: Long\r\n\r\n" + b"x" * 2_000_000)

    assert code == 500
    session.envelope(address(account))
    assert session.data(b"Subject: Short\r\n\r\n")[0] == 250
    assert subjects(account) == ["Short"]


def test_a_command_without_end_is_refused_and_the_session_goes_on(raw):
    session = raw()

    assert session.say(b"EHLO " + b"x" * 1_000_000)[0] == 500
    assert session.say(b"EHLO client.example")[0] == 250


def test_a_declared_size_over_the_limit_is_refused_before_any_data(raw, settings):
    session = raw()
    session.say(b"EHLO client.example")

    code, _text = session.say(
        b"MAIL FROM:<%s> SIZE=%d" % (OUTSIDER, settings.MAIL_MESSAGE_MAX_BYTES + 1)
    )

    assert code == 552


def test_a_size_that_was_declared_too_small_is_seen_when_the_message_is_there(
    raw, account, settings
):
    settings.MAIL_MESSAGE_MAX_BYTES = 10_000
    session = raw()
    session.say(b"EHLO client.example")
    session.say(b"MAIL FROM:<%s> SIZE=10" % OUTSIDER)
    session.say(b"RCPT TO:<%s>" % address(account))

    code, _text = session.data(b"Subject: Big\r\n\r\n" + b"line\r\n" * 5000)

    assert code == 552
    assert subjects(account) == []
    assert not QueuedMessage.objects.exists()


@pytest.mark.parametrize(
    "recipient",
    [
        b"a\x00b@domain.example",
        b"\xff\xfe@domain.example",
        b"member@\xff.example",
        b"@",
        b"@domain.example",
        b"member@",
        b"a@b@c",
        b"x" * 400 + b"@domain.example",
        b'"; DROP TABLE accounts_account; --"@domain.example',
        "张伟@domain.example".encode(),
        b"member@[127.0.0.1]",
        b"member%elsewhere.example@domain.example",
        b"elsewhere.example!member@domain.example",
    ],
)
def test_a_recipient_that_cannot_be_is_refused_for_good(raw, account, recipient):
    session = raw()
    session.envelope()
    known = recipient.replace(b"domain.example", account.domain.name.encode())

    code, text = session.say(b"RCPT TO:<" + known + b">")

    assert 500 <= code < 600
    assert "literal" not in text
    assert session.say(b"RCPT TO:<" + address(account) + b">")[0] == 250


@pytest.mark.parametrize(
    "sender",
    [
        b"a\x00b@c.example",
        b"\xff\xfe@c.example",
        b"x" * 200 + b"@" + b"y" * 60 + b".example",
        b"x" * 2000,
    ],
)
def test_a_sender_that_cannot_be_is_refused_for_good(raw, sender):
    session = raw()
    session.say(b"EHLO client.example")

    code, text = session.say(b"MAIL FROM:<" + sender + b">")

    assert 500 <= code < 600
    assert "literal" not in text
    assert session.say(b"MAIL FROM:<" + OUTSIDER + b">")[0] == 250


def test_an_address_in_another_script_may_write_here(raw, account):
    session = raw()
    session.say(b"EHLO client.example")

    assert session.say("MAIL FROM:<用户@例子.example> SMTPUTF8 BODY=8BITMIME".encode())[0] == 250
    assert session.say(b"RCPT TO:<" + address(account) + b">")[0] == 250
    assert session.data("Subject: 原样\r\n\r\n你好".encode())[0] == 250

    assert subjects(account) == ["原样"]
    assert "Return-Path: <用户@例子.example>".encode() in stored(account)[0]


def test_nuls_and_eight_bit_bytes_in_a_message_come_through(raw, account):
    session = raw()
    session.envelope(address(account))
    content = b"Subject: B\x00ad \xff\xfe\r\nMessage-ID: <a\x00b>\r\n\r\n\x00\x01\xff"

    code, _text = session.data(content)

    assert code == 250
    assert stored(account)[0].endswith(content + b"\r\n")
    assert QueuedMessage.objects.get().message_id == "<ab>"


def test_recipients_beyond_the_limit_are_to_be_sent_later_and_the_others_get_their_mail(
    raw, account, monkeypatch
):
    monkeypatch.setattr(server, "MAX_RECIPIENTS", 100)
    session = raw()
    session.envelope()
    line = b"RCPT TO:<" + address(account) + b">\r\n"
    session.socket.sendall(line * (102))

    answers = [session.answer()[0] for _ in range(102)]

    assert answers == [250] * 100 + [452] * 2
    assert session.data(b"Subject: Once\r\n\r\n")[0] == 250
    assert subjects(account) == ["Once"]


@pytest.mark.parametrize("commands", [
    [b"MAIL FROM:<a@b.example>"],
    [b"EHLO x", b"RCPT TO:<a@b.example>"],
    [b"EHLO x", b"DATA"],
    [b"EHLO x", b"MAIL FROM:<a@b.example>", b"DATA"],
    [b"EHLO x", b"MAIL FROM:<a@b.example>", b"MAIL FROM:<a@b.example>"],
    [b"EHLO x", b"MAIL FROM:<a@b.example>", b"RCPT TO:<nobody@nowhere.example>", b"DATA"],
])  # fmt: skip
def test_commands_out_of_order_are_refused(raw, commands):
    session = raw()

    answers = [session.say(command)[0] for command in commands]

    assert answers[-1] in (503, 554)


def test_what_a_pipeline_holds_after_a_refused_recipient_is_no_message(raw, account):
    session = raw()
    session.say(b"EHLO client.example")
    session.socket.sendall(
        b"MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@nowhere.example>\r\nDATA\r\n"
        b"Subject: Ghost\r\n\r\nHello\r\n.\r\nNOOP\r\n"
    )

    answers = [session.answer()[0] for _ in range(3)]

    assert answers == [250, 554, 503]
    assert not QueuedMessage.objects.exists()


def test_who_only_sends_garbage_is_hung_up_on(raw):
    session = raw()
    session.socket.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"?\r\n" * 20)

    codes = []
    while code := session.answer()[0]:
        codes.append(code)

    assert set(codes) <= {500, 502}


def test_a_message_broken_off_is_no_message(raw, smtp, account):
    session = raw()
    session.envelope(address(account))
    session.say(b"DATA")
    session.socket.sendall(b"Subject: Half\r\n\r\nThe rest is mis")
    session.close()

    send(smtp(), "friend@elsewhere.example", account.address)

    assert subjects(account) == ["Greetings"]


def credentials(login, password=PASSWORD):
    return base64.b64encode(b"\0" + login + b"\0" + password.encode())


@pytest.mark.parametrize(
    "line",
    [
        b"AUTH",
        b"AUTH PLAIN !!!",
        b"AUTH PLAIN " + base64.b64encode(b"no separators"),
        b"AUTH CRAM-MD5",
        b"AUTH PLAIN " + credentials(b"\xff\xfe@x"),
        b"AUTH PLAIN " + base64.b64encode(b"\0a@b\0c\0d\0e"),
        b"AUTH PLAIN " + base64.b64encode(b"x" * 300),
    ],
)
def test_a_sign_in_that_makes_no_sense_is_refused_and_the_next_one_counts(raw, account, line):
    session = raw("submission")
    session.say(b"EHLO client.example")

    code, text = session.say(line)

    assert 500 <= code < 600
    assert "literal" not in text
    assert session.say(b"AUTH PLAIN " + credentials(address(account)))[0] == 235


@pytest.mark.parametrize("name", [b"a\x00b", b"\xff\xfe", "客户端".encode(), b"x" * 400])
def test_a_strange_client_name_keeps_nobody_from_signing_in(raw, account, name):
    session = raw("submission")
    session.say(b"EHLO " + name)

    code, _text = session.say(b"AUTH PLAIN " + credentials(address(account)))

    assert code == 235


def test_a_password_is_in_no_log(raw, account, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="mail.log")  # aiosmtpd's
    login, password = (base64.b64encode(v) for v in (address(account), PASSWORD.encode()))
    for lines in (
        [b"AUTH PLAIN " + credentials(address(account))],
        [b"AUTH PLAIN", credentials(address(account))],
        [b"AUTH LOGIN", login, password],
        [b"AUTH PLAIN " + credentials(address(account), "wrong-" + PASSWORD)],
    ):
        session = raw("submission")
        session.say(b"EHLO client.example")
        answers = [session.say(line)[0] for line in lines]
        assert answers[-1] in (235, 535)

    secrets = (PASSWORD, password.decode(), credentials(address(account)).decode())
    assert "EHLO" in caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_one_signs_in_once(raw, account):
    session = raw("submission")
    session.say(b"EHLO client.example")
    session.say(b"AUTH PLAIN " + credentials(address(account)))

    assert session.say(b"AUTH PLAIN " + credentials(address(account)))[0] == 503


def test_the_incoming_port_refuses_a_sign_in(raw, account):
    session = raw()
    session.say(b"EHLO client.example")

    assert 500 <= session.say(b"AUTH PLAIN " + credentials(address(account)))[0] < 600


def test_a_sign_in_ends_with_its_session(raw, account):
    first = raw("submission")
    first.say(b"EHLO client.example")
    first.say(b"AUTH PLAIN " + credentials(address(account)))
    first.close()

    second = raw("submission")
    second.say(b"EHLO client.example")

    assert second.say(b"MAIL FROM:<" + address(account) + b">")[0] == 530


def test_many_sessions_at_once_are_all_answered(raw, account):
    sessions = [raw() for _ in range(60)]
    for session in sessions:
        session.envelope(address(account))

    codes = [session.data(b"Subject: %d\r\n\r\n" % n)[0] for n, session in enumerate(sessions)]

    assert codes == [250] * 60
    assert sorted(map(int, subjects(account))) == list(range(60))[-50:]


def test_an_empty_message_is_a_message(raw, account):
    session = raw()
    session.envelope(address(account))
    session.say(b"DATA")

    assert session.say(b".")[0] == 250
    assert subjects(account) == [""]


def test_a_bounce_may_come_in(smtp, account):
    assert send(smtp(), "", account.address)[0][0] == 250
    assert Delivery.objects.get().message.envelope_sender == ""


def test_a_client_that_says_helo_is_served(running_server, account):
    with smtplib.SMTP("127.0.0.1", running_server.ports["smtp"]) as session:
        session.helo("old.example")
        session.sendmail("friend@elsewhere.example", [account.address], b"Subject: Old\r\n\r\n")

    assert subjects(account) == ["Old"]
