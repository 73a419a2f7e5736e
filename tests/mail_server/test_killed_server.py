"""The mail server, killed while it takes in and delivers: what it said 250 to is there, once."""

import random
import smtplib
import socket
import threading
from collections import Counter

import pytest

from mail_server.choices import DeliveryState
from mail_server.models import Delivery
from mail_server.stores.maildir import MaildirStore
from tests.factories.accounts import AccountFactory
from tests.processes import kill, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

RECIPIENTS = 3
KILLED = 6


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def listens(port):
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).close()
    except (OSError, smtplib.SMTPException):
        return False
    return True


class Client:
    """Sends numbered messages until it is told to stop; notes which of them were taken."""

    def __init__(self, port, recipients, first):
        self.port, self.recipients, self.number = port, recipients, first
        self.taken = []
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as session:
                while True:
                    self.number += 1
                    text = f"Subject: {self.number}\r\n\r\nHello\r\n".encode()
                    session.sendmail("friend@elsewhere.example", self.recipients, text)
                    self.taken.append(self.number)
        except (OSError, smtplib.SMTPException):
            return  # the server was killed: the present message was not taken


def test_a_mail_server_killed_again_and_again_loses_and_doubles_nothing(tmp_path):
    accounts = [AccountFactory() for _ in range(RECIPIENTS)]
    addresses = [account.address for account in accounts]
    store = MaildirStore(tmp_path / "mail" / "boxes")
    port, dice, taken = free_port(), random.Random(20261125), []
    arguments = {"SMTP_PORT": str(port), "SUBMISSION_PORT": str(free_port())}
    command = ("manage.py", "run_mail_server")

    for death in range(KILLED):
        with running(*command, var=tmp_path, **arguments) as server:
            wait_until(lambda: listens(port))
            clients = [Client(port, addresses, (2 * death + n) * 10_000) for n in range(2)]
            wait_until(lambda c=clients: all(len(client.taken) >= 3 for client in c))
            threading.Event().wait(dice.random() * 0.1)
            kill(server)
        for client in clients:
            client.thread.join(30)
            taken += client.taken
    with running(*command, var=tmp_path, **arguments):
        waiting = Delivery.objects.exclude(state=DeliveryState.DELIVERED)
        wait_until(lambda: not waiting.exists())

    for account in accounts:
        path = account.mailbox.store_path
        found = Counter(int(e.subject) for e in store.listing(path, "INBOX", limit=10_000))
        assert set(taken) <= set(found)
        assert set(found.values()) == {1}
        account.mailbox.refresh_from_db()
        assert account.mailbox.usage_bytes == store.usage(path)
