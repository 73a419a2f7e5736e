"""What mail clients have open at the real servers ends with the right to it."""

import imaplib
import poplib
from datetime import timedelta

import pytest
from celery import current_app
from django.urls import reverse
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account, Mailbox
from accounts.services.deletion import delete_accounts
from accounts.services.passwords import reset_password
from accounts.services.status import StatusChange, set_status
from mail_server.services.client_sessions import end_refused_sessions
from mail_server.tasks import end_client_sessions
from security.choices import IpAction
from security.services.passwords import change_own_password
from security.services.sessions import end_other_sessions, end_sessions_of
from tests.factories.accounts import PASSWORD, AccountFactory, system_operator
from tests.factories.security import default_rule, locked
from tests.mail_plane.letters import TLS, colleague_of, real_only
from tests.mail_plane.test_reading import ELSEWHERE, HERE, Imap, Pop3
from tests.processes import wait_until

pytestmark = real_only

ACTOR = system_operator()
NEW_PASSWORD = "Loud-Mountain-73"


@pytest.fixture
def opened(plane, transactional_db):
    """Opens a session that stays open; the answer tells whether it still is."""
    sessions = []

    def by_imap(account, source):
        session = Imap(source, HERE, plane.ports["imap"])
        sessions.append(session.shutdown)
        session.starttls(TLS)
        session.login(account.address, PASSWORD)
        session.select()
        return session

    def by_pop3(account, source):
        session = Pop3(source, HERE, plane.ports["pop3"])
        sessions.append(session.close)
        session.stls(TLS)
        session.user(account.address)
        session.pass_(PASSWORD)
        return session

    def opened(account, *, by="imap", source=HERE):
        session = {"imap": by_imap, "pop3": by_pop3}[by](account, source)

        def is_open():
            try:
                session.noop()
            except (imaplib.IMAP4.error, poplib.error_proto, OSError):
                return False
            return True

        return is_open

    yield opened
    for close in sessions:
        close()


@pytest.fixture
def worker():
    """Does at once what is left to a worker."""
    current_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    current_app.conf.update(task_always_eager=False, task_eager_propagates=False)


def disable(account):
    change = StatusChange(AccountStatus.DISABLED)
    set_status(account_ids=[account.pk], change=change, actor=ACTOR)


def delete(account):
    delete_accounts(account_ids=[account.pk], actor=ACTOR)


def set_another_password(account):
    reset_password(account=account, actor=ACTOR)


def change_password(account):
    change_own_password(
        account=account, old_password=PASSWORD, new_password=NEW_PASSWORD, actor=ACTOR
    )


def sign_out_elsewhere(account):
    end_other_sessions(account=account, kept=None, actor=ACTOR)


def sign_out_by_an_administrator(account):
    end_sessions_of(account=account, actor=ACTOR)


@pytest.mark.parametrize(
    "act",
    [
        disable,
        delete,
        set_another_password,
        change_password,
        sign_out_elsewhere,
        sign_out_by_an_administrator,
    ],
)
def test_the_sessions_of_the_account_end_and_no_others(opened, worker, act):
    account = AccountFactory()
    by_imap, by_pop3 = opened(account), opened(account, by="pop3", source=ELSEWHERE)
    of_colleague = opened(colleague_of(account))

    act(account)

    wait_until(lambda: not by_imap(), seconds=20)
    wait_until(lambda: not by_pop3(), seconds=20)
    assert of_colleague()


def test_the_page_that_ends_other_sessions_ends_those_of_mail_clients(opened, worker, client):
    account = AccountFactory()
    client.force_login(account)
    is_open = opened(account)

    client.post(reverse("sessions-end-others"))

    wait_until(lambda: not is_open(), seconds=20)


def expires(account):
    Account.objects.filter(pk=account.pk).update(expires_at=timezone.now() - timedelta(hours=1))


def loses_the_protocol(account):
    Mailbox.objects.filter(account=account).update(imap_enabled=False)


def may_not_from_there(account):
    default_rule(account.organization, ELSEWHERE, IpAction.DENY)


def gets_another_address(account):
    Account.objects.filter(pk=account.pk).update(
        local_part="other", address=f"other@{account.domain.name}"
    )


@pytest.mark.parametrize(
    "what", [expires, loses_the_protocol, may_not_from_there, gets_another_address]
)
def test_what_is_refused_by_now_ends_within_a_minute_of_its_reason(opened, what):
    account = AccountFactory()
    is_open, of_other = opened(account, source=ELSEWHERE), opened(AccountFactory())
    what(account)

    assert end_refused_sessions() == 1

    wait_until(lambda: not is_open(), seconds=20)
    assert of_other()


def test_who_is_still_allowed_stays_signed_in(opened):
    account = AccountFactory()
    is_open, by_pop3 = opened(account), opened(account, by="pop3", source=ELSEWHERE)
    locked(account)

    assert end_refused_sessions() == 0
    assert (is_open(), by_pop3()) == (True, True)


def test_from_an_address_that_is_refused_only_the_session_from_there_ends(opened):
    account = AccountFactory()
    here, elsewhere = opened(account), opened(account, source=ELSEWHERE)
    default_rule(account.organization, ELSEWHERE, IpAction.DENY)

    end_refused_sessions()

    wait_until(lambda: not elsewhere(), seconds=20)
    assert here()


def test_where_nobody_is_signed_in_there_is_nothing_to_end(plane, transactional_db):
    account = AccountFactory()

    end_client_sessions([account.pk])
    assert end_refused_sessions() == 0
