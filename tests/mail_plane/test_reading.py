"""Signing in to read mail by IMAP and POP3, which only the real plane has."""

import imaplib
import poplib
import smtplib
import socket
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import AccountStatus
from security.choices import IpAction, SignInResult
from security.models import Lockout, SignInRecord, SignInRule
from security.services.app_passwords import create_app_password
from tests.factories.accounts import PASSWORD, AccountFactory, alias, system_operator
from tests.factories.security import allow_listed, default_rule, locked, lockout_rule
from tests.mail_plane.letters import OUTSIDER, TLS, encrypt, real_only
from tests.mail_server.conftest import letter, send
from tests.processes import wait_until

pytestmark = real_only

ACTOR = system_operator()
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.5"


class From:
    """A client that connects from a certain address of this machine."""

    def __init__(self, source, *args, **kwargs):
        self.source = source
        super().__init__(*args, **kwargs)

    def _create_socket(self, timeout):
        return socket.create_connection((self.host, self.port), 20, (self.source, 0))


class Imap(From, imaplib.IMAP4):
    pass


class Pop3(From, poplib.POP3):
    pass


@pytest.fixture
def opens(plane, transactional_db):
    """Whether a password opens a mailbox by a protocol, from an address."""

    def by_imap(address, password, source):
        session = Imap(source, HERE, plane.ports["imap"])
        session.starttls(TLS)
        try:
            session.login(address, password)
        except imaplib.IMAP4.error as error:
            # Whatever the reason is.
            if str(error) != "b'[AUTHENTICATIONFAILED] Authentication failed.'":
                pytest.fail(str(error))
            return False
        finally:
            session.logout()
        return True

    def by_pop3(address, password, source):
        session = Pop3(source, HERE, plane.ports["pop3"])
        session.stls(TLS)
        try:
            session.user(address)
            session.pass_(password)
        except poplib.error_proto:
            return False
        finally:
            with suppress(poplib.error_proto):
                session.quit()
            session.close()
        return True

    def attempt(account, password=PASSWORD, *, by="imap", source=HERE):
        address = account if isinstance(account, str) else account.address
        return {"imap": by_imap, "pop3": by_pop3}[by](address, password, source)

    return attempt


def results(count):
    """The results of so many attempts, oldest first; a wrong one is told after its answer."""
    wait_until(lambda: SignInRecord.objects.count() >= count, seconds=30)
    return list(SignInRecord.objects.order_by("id").values_list("protocol", "ip", "result"))


@pytest.mark.parametrize("by", ["imap", "pop3"])
def test_the_right_password_opens_the_mailbox_and_each_attempt_is_written_down(opens, by):
    account = AccountFactory()

    assert opens(account, by=by)
    assert results(1) == [(by, HERE, SignInResult.SUCCESS)]
    assert not opens(account, "wrong", by=by)
    assert results(2)[1] == (by, HERE, SignInResult.WRONG_PASSWORD)
    assert not opens("nobody@nowhere.example", by=by)
    assert results(3)[2] == (by, HERE, SignInResult.UNKNOWN)


def test_an_alias_opens_the_mailbox_too(opens):
    account = AccountFactory()

    assert opens(alias(account, f"boss@{account.domain.name}").address)


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"status": AccountStatus.DISABLED}, SignInResult.DISABLED),
        ({"status": AccountStatus.FROZEN}, SignInResult.FROZEN),
        ({"expires_at": timezone.now() - timedelta(days=1)}, SignInResult.EXPIRED),
        ({"deleted_at": timezone.now()}, SignInResult.DELETED),
        ({"mailbox__imap_enabled": False}, SignInResult.PROTOCOL_OFF),
    ],
)
def test_who_may_not_sign_in_is_refused_in_the_words_of_a_wrong_password(opens, fields, result):
    assert not opens(AccountFactory(**fields))
    assert results(1) == [("imap", HERE, result)]


def test_an_app_password_opens_its_protocols_and_the_accounts_own_none(opens):
    account = AccountFactory()
    SignInRule.objects.create(organization=account.organization, clients_apart=True)
    made = create_app_password(
        account=account, password=PASSWORD, name="Phone", protocols=["imap"], actor=ACTOR
    )

    assert opens(account, made.password)
    results(1)
    assert not opens(account, made.password, by="pop3")
    results(2)
    assert not opens(account, PASSWORD)
    assert [result for *_, result in results(3)] == ["success", "wrong_password", "app_password"]
    made.app_password.refresh_from_db()
    assert made.app_password.last_ip == HERE


def test_each_protocol_has_its_own_permission(opens):
    account = AccountFactory(mailbox__imap_enabled=False)

    assert (opens(account, by="imap"), opens(account, by="pop3")) == (False, True)


@pytest.mark.parametrize("by", ["imap", "pop3"])
def test_the_rules_for_addresses_hold(opens, by):
    account = AccountFactory()
    default_rule(account.organization, ELSEWHERE, IpAction.DENY)

    assert opens(account, by=by, source=HERE)
    assert not opens(account, by=by, source=ELSEWHERE)
    assert results(2)[1] == (by, ELSEWHERE, SignInResult.NETWORK)


def test_wrong_passwords_of_all_protocols_lock_and_unlocking_counts_at_once(opens, plane):
    account = AccountFactory()
    lockout_rule(account.organization)

    # Each is counted a moment after its answer.
    opens(account, "wrong", by="imap")
    results(1)
    opens(account, "wrong", by="pop3")
    results(2)
    with smtplib.SMTP(HERE, plane.ports["submission"]) as session:
        encrypt(session)
        session.user, session.password = account.address, "wrong"
        with pytest.raises(smtplib.SMTPAuthenticationError):
            session.auth("PLAIN", session.auth_plain)

    assert [result for *_, result in results(3)] == ["wrong_password"] * 2 + ["locking"]
    assert not opens(account)
    Lockout.objects.all().delete()
    assert opens(account)


def test_a_locked_account_opens_from_an_allow_listed_address_only(opens):
    account = AccountFactory()
    locked(account)
    allow_listed(account.organization, ELSEWHERE)

    assert (opens(account), opens(account, source=ELSEWHERE)) == (False, True)


def test_while_the_console_is_away_nobody_is_locked_out_and_no_rule_is_left_out(plane, opens):
    account, disabled = AccountFactory(), AccountFactory(status=AccountStatus.DISABLED)
    default_rule(account.organization, ELSEWHERE, IpAction.DENY)
    plane.servers.stop_one("policy")
    try:
        opened = [opens(account), opens(account, "wrong"), opens(disabled)]
        opened.append(opens(account, source=ELSEWHERE))
    finally:
        plane.servers.start_one("policy")
        wait_until(lambda: plane.servers.answers("sign_in"))

    assert opened == [True, False, False, False]


def test_mail_is_read_by_imap_with_the_folders_and_the_quota_of_the_console(plane, smtp, subjects):
    account = AccountFactory(mailbox__quota_bytes=1024 * 1024)
    send(smtp(), OUTSIDER, account.address, message=letter("你好"))
    assert subjects(account) == ["你好"]

    with imaplib.IMAP4(HERE, plane.ports["imap"]) as session:
        session.starttls(TLS)
        session.login(account.address, PASSWORD)
        folders = b" ".join(session.list()[1]).decode()
        quota = b" ".join(session.getquotaroot("INBOX")[1][1]).decode()
        found = session.select("INBOX")[1]

    assert found == [b"1"]
    assert all(f'"{name}"' in folders or name in folders for name in ("Sent", "Trash", "Junk"))
    assert "STORAGE" in quota
    assert "1024" in quota


def test_a_password_is_not_taken_in_the_clear_from_another_address(plane, transactional_db):
    account = AccountFactory()
    session = Imap(ELSEWHERE, HERE, plane.ports["imap"])

    with pytest.raises(imaplib.IMAP4.error, match="PRIVACYREQUIRED"):
        session.login(account.address, PASSWORD)
    session.logout()
