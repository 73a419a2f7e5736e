"""Real SMTP sessions, and what they brought into the mailboxes."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD


@pytest.fixture
def smtp(running_server, transactional_db):
    """Opens sessions: smtp() from the outside, smtp(account) signed in for submission."""
    sessions = []

    def connect(account=None, password=PASSWORD):
        port = running_server.ports["submission" if account else "smtp"]
        session = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=60)
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
    """Answers (code, text) of RCPT for each recipient; DATA is sent for those accepted.

    A sender refused at MAIL is the answer for all: other servers say it at RCPT only.
    """
    refusal = session.mail(sender)
    if refusal[0] >= 400:
        session.rset()
        return [(refusal[0], refusal[1].decode())] * len(recipients)
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
