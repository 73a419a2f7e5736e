"""The console's own sign-in to Dovecot opens any mailbox: to the console alone."""

import imaplib
import smtplib
from http.client import HTTPConnection

import pytest

from mail_server.plane.config import doveadm_key, master_password
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX
from mail_server.stores.imap import login_of
from security.models import SignInRecord
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_plane.letters import OUTSIDER, TLS, encrypt, real_only
from tests.mail_plane.test_reading import ELSEWHERE, HERE, Imap

pytestmark = real_only


@pytest.fixture
def signs_in(plane, transactional_db):
    def attempt(login, password, source=HERE):
        session = Imap(source, HERE, plane.ports["imap"])
        session.starttls(TLS)
        try:
            session.login(login, password)
        except imaplib.IMAP4.error:
            return False
        finally:
            session.logout()
        return True

    return attempt


@pytest.fixture
def login():
    return f"{login_of(AccountFactory().mailbox.store_path)}*console"


def test_the_console_signs_in_with_its_password_and_is_not_written_down(signs_in, login):
    assert signs_in(login, master_password())
    assert not SignInRecord.objects.exists()


def test_nobody_else_signs_in_so(signs_in, login):
    assert not signs_in(login, "wrong")
    assert not signs_in(login, PASSWORD)
    assert not signs_in(login.partition("*")[0], PASSWORD)
    assert not signs_in(login.partition("*")[0], master_password())


def test_its_password_is_worth_nothing_elsewhere(signs_in, login, plane):
    assert not signs_in(login, master_password(), source=ELSEWHERE)


def test_its_password_does_not_open_a_mailbox_by_the_members_address(signs_in):
    account = AccountFactory()

    assert not signs_in(f"{account.address}*console", master_password())
    assert not signs_in(account.address, master_password())


def test_nobody_sends_mail_with_it(plane, login):
    with smtplib.SMTP(HERE, plane.ports["submission"], timeout=60) as session:
        encrypt(session)
        session.login(login, master_password())
        session.mail(OUTSIDER)

        assert session.rcpt(OUTSIDER)[0] == 550


@pytest.mark.parametrize("key", ["", "Basic eDp5", "X-Dovecot-API eHh4"])
def test_dovecots_administration_answers_only_who_has_the_key(plane, key):
    connection = HTTPConnection(HERE, plane.ports["doveadm"], timeout=60)

    connection.request("POST", "/doveadm/v1", '[["who",{},"a"]]', {"Authorization": key})

    assert connection.getresponse().status in {400, 401}
    connection.close()


def test_the_servers_write_no_secret_of_the_console_into_their_logs(plane, signs_in, login):
    box = AccountFactory().mailbox.store_path

    mail_store().usage(box)
    mail_store().listing(box, INBOX)
    signs_in(login, "wrong")

    assert login_of(box) in plane.servers.log
    secrets = (master_password(), doveadm_key())
    assert [secret for secret in secrets if secret in plane.servers.log] == []
