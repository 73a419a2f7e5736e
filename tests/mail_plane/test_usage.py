"""What the console shows of a mailbox's usage is what Dovecot counts."""

import imaplib

import pytest

from accounts.models import Mailbox
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_plane.letters import OUTSIDER, TLS, colleague_of, real_only
from tests.mail_server.conftest import letter, send
from tests.processes import wait_until

pytestmark = real_only


@pytest.fixture
def shows(plane, transactional_db):
    """Waits until the console shows what the store has."""

    def shown(account):
        usage = mail_store().usage(account.mailbox.store_path)
        wait_until(lambda: Mailbox.objects.get(account=account).usage_bytes == usage, seconds=30)
        return usage

    return shown


def test_what_arrives_is_counted_and_nobody_elses_mail(plane, smtp, shows):
    account = AccountFactory()
    other = colleague_of(account, mailbox__usage_bytes=7)

    send(smtp(), OUTSIDER, account.address, message=letter(body="x" * 5000))
    plane.settle()

    assert shows(account) > 5000
    assert Mailbox.objects.get(account=other).usage_bytes == 7


def test_what_a_mail_client_deletes_is_free_again(plane, smtp, shows):
    account = AccountFactory()
    send(smtp(), OUTSIDER, account.address, message=letter(body="x" * 5000))
    plane.settle()
    shows(account)

    with imaplib.IMAP4("127.0.0.1", plane.ports["imap"]) as session:
        session.starttls(TLS)
        session.login(account.address, PASSWORD)
        session.select()
        session.store("1", "+FLAGS", r"(\Deleted)")
        session.expunge()

    assert shows(account) == 0


def test_what_the_console_stores_is_counted_too(plane, shows):
    account = AccountFactory()
    path = account.mailbox.store_path

    mail_store().deliver(path, letter().as_bytes(), unique="one")
    assert shows(account) > 0
    (found,) = mail_store().listing(path, INBOX)
    mail_store().delete(path, INBOX, [found.key])

    assert shows(account) == 0
