"""Each way to sign in at the real servers has its own permission, by each address."""

import smtplib

import pytest

from security.choices import IpAction, SignInResult
from security.models import SignInRule
from security.services.app_passwords import create_app_password
from tests.factories.accounts import PASSWORD, AccountFactory, system_operator
from tests.factories.security import default_rule, member_rules
from tests.mail_plane.letters import encrypt, real_only
from tests.mail_plane.test_reading import ELSEWHERE, HERE, opens, results  # noqa: F401

pytestmark = real_only

PROTOCOLS = ["imap", "pop3", "smtp"]


@pytest.fixture
def signs_in(plane, opens):  # noqa: F811
    def by_smtp(account, password, source):
        port = plane.ports["submission"]
        with smtplib.SMTP(HERE, port, timeout=20, source_address=(source, 0)) as session:
            encrypt(session)
            session.user, session.password = account.address, password
            try:
                # login() would try the next way where it is refused.
                session.auth("PLAIN", session.auth_plain)
            except smtplib.SMTPAuthenticationError:
                return False
            return True

    def attempt(account, *, by, password=PASSWORD, source=HERE):
        if by == "smtp":
            return by_smtp(account, password, source)
        return opens(account, password, by=by, source=source)

    return attempt


@pytest.mark.parametrize("allowed", PROTOCOLS)
def test_an_app_password_opens_by_its_own_protocol_alone(signs_in, allowed):
    account = AccountFactory()
    SignInRule.objects.create(organization=account.organization, clients_apart=True)
    made = create_app_password(
        account=account,
        password=PASSWORD,
        name="Phone",
        protocols=[allowed],
        actor=system_operator(account.organization),
    )

    opened = [by for by in PROTOCOLS if signs_in(account, by=by, password=made.password)]

    assert opened == [allowed]
    made.app_password.refresh_from_db()
    assert made.app_password.last_ip == HERE


@pytest.mark.parametrize("closed", PROTOCOLS)
def test_a_protocol_that_is_switched_off_leaves_the_others_open(signs_in, closed):
    account = AccountFactory(**{f"mailbox__{closed}_enabled": False})

    assert [by for by in PROTOCOLS if not signs_in(account, by=by)] == [closed]


@pytest.mark.parametrize("by", PROTOCOLS)
def test_rules_look_at_the_address_of_the_client_and_it_is_written_down(signs_in, by):
    account = AccountFactory()
    default_rule(account.organization, ELSEWHERE, IpAction.DENY)

    assert signs_in(account, by=by)
    assert not signs_in(account, by=by, source=ELSEWHERE)
    assert results(2) == [
        (by, HERE, SignInResult.SUCCESS),
        (by, ELSEWHERE, SignInResult.NETWORK),
    ]


@pytest.mark.parametrize("by", PROTOCOLS)
def test_a_members_own_rules_count_for_an_app_password_too(signs_in, by):
    account = AccountFactory()
    made = create_app_password(
        account=account,
        password=PASSWORD,
        name="Phone",
        protocols=PROTOCOLS,
        actor=system_operator(account.organization),
    )
    member_rules(account, (HERE, IpAction.ALLOW), elsewhere=IpAction.DENY)

    assert signs_in(account, by=by, password=made.password)
    assert not signs_in(account, by=by, password=made.password, source=ELSEWHERE)
