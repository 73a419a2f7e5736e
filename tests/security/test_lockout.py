from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from accounts.services.passwords import reset_password
from security.choices import Protocol, SignInResult
from security.models import Lockout, SignInRecord
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, system_operator
from tests.factories.security import allow_listed, default_rule, locked, lockout_rule

pytestmark = pytest.mark.django_db

OFFICE, STREET = "192.0.2.10", "198.51.100.7"


@pytest.fixture
def account():
    account = AccountFactory()
    lockout_rule(account.organization)
    return account


def attempt(account, password="wrong", *, ip=STREET, protocol=Protocol.WEB):
    return sign_in(address=account.address, password=password, protocol=protocol, ip=ip).result


def results(account):
    return list(
        SignInRecord.objects.filter(account=account).order_by("id").values_list("result", flat=True)
    )


def ages(account, minutes):
    """Let the counted failures, and the lock, be so much older."""
    lockout = account.lockout
    by = timedelta(minutes=minutes)
    lockout.failed_at = [at - by for at in lockout.failed_at]
    if lockout.locked_until:
        lockout.locked_at, lockout.locked_until = lockout.locked_at - by, lockout.locked_until - by
    lockout.save()


def test_the_third_wrong_password_locks_and_then_the_right_one_is_refused_too(account):
    outcomes = [attempt(account) for _ in range(3)]

    assert outcomes == ["wrong_password", "wrong_password", "locking"]
    assert attempt(account, PASSWORD) is SignInResult.LOCKED
    assert results(account) == [*outcomes, "locked"]


def test_web_console_and_mail_clients_share_one_count(account):
    for protocol in (Protocol.WEB, Protocol.CONSOLE, Protocol.SMTP):
        attempt(account, protocol=protocol)

    for protocol in (Protocol.WEB, Protocol.CONSOLE, Protocol.SMTP, Protocol.IMAP, Protocol.POP3):
        assert attempt(account, PASSWORD, protocol=protocol) is SignInResult.LOCKED


def test_a_right_password_starts_the_count_anew(account):
    attempt(account)
    attempt(account)

    assert attempt(account, PASSWORD) is SignInResult.SUCCESS
    assert [attempt(account) for _ in range(3)] == ["wrong_password", "wrong_password", "locking"]


def test_wrong_passwords_before_the_window_no_longer_count(account):
    attempt(account)
    attempt(account)
    ages(account, 31)

    assert [attempt(account) for _ in range(3)] == ["wrong_password", "wrong_password", "locking"]


def test_a_lock_ends_by_itself_and_counting_starts_at_nothing(account):
    for _ in range(3):
        attempt(account)
    ages(account, 31)

    assert attempt(account) is SignInResult.WRONG_PASSWORD
    assert attempt(account, PASSWORD) is SignInResult.SUCCESS


def test_attempts_on_a_locked_account_do_not_prolong_the_lock(account):
    until = locked(account).locked_until

    attempt(account)

    account.lockout.refresh_from_db()
    assert account.lockout.locked_until == until


def test_a_lock_holds_for_its_own_account_only(account):
    colleague = AccountFactory(organization=account.organization, domain=account.domain)
    locked(account)

    assert attempt(colleague, PASSWORD) is SignInResult.SUCCESS


def test_an_allow_listed_address_neither_locks_nor_counts(account):
    allow_listed(account.organization, "192.0.2.0/24")

    assert {attempt(account, ip=OFFICE) for _ in range(10)} == {SignInResult.WRONG_PASSWORD}
    assert [attempt(account) for _ in range(3)] == ["wrong_password", "wrong_password", "locking"]


def test_a_locked_account_still_opens_from_an_allow_listed_address(account):
    allow_listed(account.organization, "192.0.2.0/24")
    locked(account)

    assert attempt(account, PASSWORD, ip=OFFICE) is SignInResult.SUCCESS
    assert attempt(account, PASSWORD) is SignInResult.LOCKED


def test_working_from_an_allow_listed_address_gives_no_new_guesses_elsewhere(account):
    allow_listed(account.organization, "192.0.2.0/24")
    attempt(account)
    attempt(account)

    attempt(account, PASSWORD, ip=OFFICE)

    assert attempt(account) is SignInResult.LOCKING


def test_the_allow_list_of_another_organization_does_not_help(account):
    allow_listed(AccountFactory().organization, "0.0.0.0/0")

    assert [attempt(account) for _ in range(3)][-1] is SignInResult.LOCKING


def test_an_ipv4_address_mapped_into_ipv6_is_on_the_allow_list_too(account):
    allow_listed(account.organization, OFFICE)
    locked(account)

    assert attempt(account, PASSWORD, ip=f"::ffff:{OFFICE}") is SignInResult.SUCCESS
    with connection.cursor() as cursor:
        cursor.execute("SELECT mp_lockout_refusal(%s, %s)", [account.pk, f"::ffff:{OFFICE}"])
        assert cursor.fetchone() == (None,)


def test_a_new_password_from_an_administrator_opens_a_locked_account(account):
    locked(account)

    reset_password(account=account, password="Silver-Orchard-7", actor=system_operator())

    assert attempt(account, "Silver-Orchard-7") is SignInResult.SUCCESS


def test_where_locking_is_off_nothing_locks_and_no_lock_holds():
    account = AccountFactory()
    lockout_rule(account.organization, is_on=False)
    locked(account)

    assert {attempt(account) for _ in range(10)} == {SignInResult.WRONG_PASSWORD}
    assert attempt(account, PASSWORD) is SignInResult.SUCCESS


def test_without_settings_five_wrong_passwords_lock_for_half_an_hour():
    account = AccountFactory()

    outcomes = [attempt(account) for _ in range(5)]

    assert outcomes == ["wrong_password"] * 4 + ["locking"]
    left = account.lockout.locked_until - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


def test_a_sign_in_that_is_refused_anyway_does_not_count(account):
    account.status = "disabled"
    account.save()

    for _ in range(5):
        attempt(account)

    assert not Lockout.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [12])
def test_of_any_number_of_guesses_at_once_only_as_many_as_allowed_are_answered(threads):
    account = AccountFactory()
    lockout_rule(account.organization, attempts=5)
    start = Barrier(threads)

    def guess(number):
        try:
            start.wait(timeout=10)
            return [
                attempt(account, protocol=(Protocol.WEB, Protocol.SMTP)[number % 2])
                for _ in range(3)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        answers = [result for found in pool.map(guess, range(threads)) for result in found]

    assert sorted(answers) == sorted(
        ["wrong_password"] * 4 + ["locking"] + ["locked"] * (threads * 3 - 5)
    )


@pytest.mark.django_db(transaction=True)
def test_right_passwords_at_once_are_all_let_in():
    """As a mail program does that opens many connections."""
    account = AccountFactory()
    lockout_rule(account.organization)
    attempt(account)
    start = Barrier(8)

    def come_in(_number):
        try:
            start.wait(timeout=10)
            return attempt(account, PASSWORD, protocol=Protocol.SMTP)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(come_in, range(8)))

    assert answers == {SignInResult.SUCCESS}
    account.lockout.refresh_from_db()
    assert account.lockout.failed_at == []


@pytest.mark.parametrize("protocol", [Protocol.WEB, Protocol.SMTP])
def test_every_failure_asks_the_database_alike(account, protocol):
    """Time must not tell which accounts there are."""
    barred = AccountFactory()
    default_rule(barred.organization, "10.0.0.0/8")
    shut = AccountFactory()
    locked(shut)
    gone = Account(address="nobody@nowhere.example")
    tried = [account, account, gone, barred, shut, AccountFactory(status="disabled")]

    def count(candidate):
        with CaptureQueriesContext(connection) as queries:
            attempt(candidate, protocol=protocol)
        return len(queries)

    assert len({count(candidate) for candidate in tried}) == 1
