"""A real SMTP session against the embedded server, which runs in a thread of the test."""

import asyncio
import smtplib
import threading
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mail_server.embedded.server import MailServer
from mail_server.embedded.smtp import THREADS
from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD


class RunningServer:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.server = MailServer("127.0.0.1", 0, 0)
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self.loop).result(10)

    @property
    def ports(self):
        return self.server.ports

    def stop(self):
        asyncio.run_coroutine_threadsafe(self.end_sessions(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def end_sessions(self):
        await self.server.close()
        sessions = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)


@pytest.fixture(scope="session")
def running_server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        server = RunningServer()
        yield server
        server.stop()
        THREADS.shutdown()


@pytest.fixture
def smtp(running_server, transactional_db):
    """Opens sessions: smtp() from the outside, smtp(account) signed in for submission."""
    sessions = []

    def connect(account=None, password=PASSWORD):
        port = running_server.ports["submission" if account else "smtp"]
        session = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=20)
        sessions.append(session)
        session.ehlo()
        if account:
            session.login(account.address, password)
        return session

    yield connect
    for session in sessions:
        session.close()


def letter(subject="Greetings", body="Hello", **headers):
    message = EmailMessage()
    message["From"] = headers.pop("sender", "friend@elsewhere.example")
    message["To"] = headers.pop("to", "somebody@elsewhere.example")
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def send(session, sender, *recipients, message=None):
    """Answers (code, text) of RCPT for each recipient; DATA is sent for those accepted."""
    session.mail(sender)
    answers = [session.rcpt(recipient) for recipient in recipients]
    if any(code < 300 for code, _ in answers):
        code, text = session.data((message or letter()).as_bytes(policy=SMTP))
        assert code == 250, text
    else:
        session.rset()
    return [(code, text.decode()) for code, text in answers]


def inbox(account, folder="INBOX"):
    return mail_store().listing(account.mailbox.store_path, folder)


def subjects(account, folder="INBOX"):
    return [envelope.subject for envelope in inbox(account, folder)]
