"""What the security centre decides, in real SMTP sessions from several addresses."""

import smtplib

import pytest

from accounts.choices import AccountStatus
from security.choices import IpAction
from security.models import IpRule, SignInRecord
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.factories.security import allow_listed, default_rule, locked, lockout_rule, member_rules

OFFICE, STREET = "127.0.0.9", "127.0.0.5"


@pytest.fixture
def sign_in(running_server, transactional_db):
    """Signs in for submission from an address of this machine; True, or the refusal's code."""
    sessions = []

    def try_to(account, password=PASSWORD, *, source=STREET):
        session = smtplib.SMTP(timeout=60, source_address=(source, 0))
        sessions.append(session)
        session.connect("127.0.0.1", running_server.ports["submission"])
        try:
            session.login(account.address, password)
        except smtplib.SMTPAuthenticationError as refusal:
            return refusal.smtp_code
        return session

    yield try_to
    for session in sessions:
        session.close()


def is_in(answer):
    return isinstance(answer, smtplib.SMTP)


def test_wrong_passwords_lock_mail_clients_out_and_are_recorded_with_their_address(sign_in):
    account = AccountFactory()
    lockout_rule(account.organization)

    # smtplib tries PLAIN and LOGIN in turn: one attempt, for the password is the same.
    answers = [sign_in(account, "wrong") for _ in range(3)]

    assert answers == [535, 535, 535]
    assert sign_in(account) == 535
    records = SignInRecord.objects.order_by("id").values_list("result", "protocol", "ip")
    assert list(records) == [
        (result, "smtp", STREET)
        for result in ("wrong_password", "wrong_password", "locking", "locked")
    ]


def test_a_locked_account_submits_from_an_allow_listed_address_only(sign_in):
    account = AccountFactory()
    allow_listed(account.organization, OFFICE)
    locked(account)

    assert is_in(sign_in(account, source=OFFICE))
    assert sign_in(account, source=STREET) == 535


def test_a_lock_made_in_the_browser_refuses_the_mail_client(sign_in, client):
    account = AccountFactory()
    lockout_rule(account.organization)

    for _ in range(3):
        client.post("/login/", {"address": account.address, "password": "wrong"})

    assert sign_in(account) == 535


def test_a_lock_does_not_cut_off_who_is_signed_in(sign_in):
    account = AccountFactory()
    session = sign_in(account)

    locked(account)

    assert session.mail(account.address)[0] == 250


def test_default_rules_keep_mail_clients_out(sign_in):
    account = AccountFactory()
    default_rule(account.organization, OFFICE)

    assert is_in(sign_in(account, source=OFFICE))
    assert sign_in(account, source=STREET) == 535


def test_own_rules_hold_for_mail_clients(sign_in):
    account = AccountFactory()
    default_rule(account.organization, OFFICE)
    member_rules(account, (OFFICE, IpAction.DENY), elsewhere=IpAction.ALLOW)

    assert sign_in(account, source=OFFICE) == 535
    assert is_in(sign_in(account, source=STREET))


def test_an_open_session_submits_nothing_more_once_a_rule_refuses_its_address(sign_in):
    account = AccountFactory()
    session = sign_in(account)
    assert session.mail(account.address)[0] == 250
    session.rset()

    default_rule(account.organization, STREET, IpAction.DENY)

    assert session.mail(account.address)[0] == 530
    IpRule.objects.all().delete()
    assert session.mail(account.address)[0] == 530


def test_an_open_session_of_a_disabled_account_submits_nothing_more(sign_in):
    account = AccountFactory()
    session = sign_in(account)

    account.status = AccountStatus.DISABLED
    account.save()

    assert session.mail(account.address)[0] == 530
