"""Each of the real servers, killed under load: what was taken arrives, and nothing is refused."""

import os
import signal
import smtplib
from contextlib import suppress
from email.policy import SMTP
from threading import Event, Thread

from mail_server.stores import mail_store
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, real_only
from tests.mail_server.conftest import letter
from tests.processes import wait_until

pytestmark = real_only

PORTS = {
    "policy": ["policy", "sign_in"],
    "rspamd": ["milter"],
    "clamav": ["clamav"],
    "dovecot": ["quota", "lmtp", "sasl"],
    "postfix": ["smtp", "submission"],
}
CLIENTS = 2


class Client:
    """Sends numbered messages until it is told to stop; notes what became of each."""

    def __init__(self, port, recipient, name):
        self.port, self.recipient, self.name = port, recipient, name
        self.taken, self.put_off, self.refused = [], [], []
        self.stopped = Event()
        self.thread = Thread(target=self.work)
        self.thread.start()

    def work(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            self.send(f"{self.name}-{number}")

    def send(self, subject):
        message = letter(subject=subject, to=self.recipient).as_bytes(policy=SMTP)
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as session:
                session.sendmail(OUTSIDER, self.recipient, message)
        except smtplib.SMTPRecipientsRefused as refusal:
            self.note(subject, refusal.recipients[self.recipient][0])
        except smtplib.SMTPResponseException as refusal:
            self.note(subject, refusal.smtp_code)
        except (OSError, smtplib.SMTPException):
            self.note(subject, 421)
        else:
            self.taken.append(subject)

    def note(self, subject, code):
        (self.refused if code >= 500 else self.put_off).append((subject, code))
        # Else a server that is away would be asked thousands of times a second.
        self.stopped.wait(0.05)

    def stop(self):
        self.stopped.set()
        self.thread.join(60)


def kill(servers, name):
    process = servers.processes.pop(name)
    if name == "postfix":
        servers.kill_postfix()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def more(clients, outcome, count):
    """Whether each client has seen the outcome so often since now."""
    enough = [len(getattr(client, outcome)) + count for client in clients]

    def seen():
        pairs = zip(clients, enough, strict=True)
        return all(len(getattr(client, outcome)) >= wanted for client, wanted in pairs)

    return seen


def kill_and_bring_back(servers, name, clients):
    wait_until(more(clients, "taken", 10))
    kill(servers, name)
    try:
        wait_until(more(clients, "put_off", 3))
    finally:
        servers.start_one(name)
        servers.wait_for(*PORTS[name])
        servers.reload_postfix()


def test_what_was_taken_arrives_whichever_server_is_killed(plane, smtp):
    account = AccountFactory()
    servers = plane.servers
    clients = [Client(plane.ports["smtp"], account.address, name) for name in "abcdefgh"[:CLIENTS]]
    try:
        for name in PORTS:
            kill_and_bring_back(servers, name, clients)
        wait_until(more(clients, "taken", 10))
    finally:
        for client in clients:
            client.stop()
    plane.settle()
    if servers.deferred():
        servers.flush()
        wait_until(lambda: not servers.deferred() and servers.queue_is_empty())

    listing = mail_store().listing(account.mailbox.store_path, "INBOX", limit=100_000)
    arrived = {envelope.subject for envelope in listing}
    taken = {subject for client in clients for subject in client.taken}
    print(len(taken), "taken,", sum(len(client.put_off) for client in clients), "put off")
    assert taken - arrived == set()
    assert [client.refused for client in clients] == [[]] * CLIENTS
