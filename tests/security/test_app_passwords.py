import pytest
from django.db import connection

from accounts.hashers import GeneratedPasswordHasher
from admin_platform.models import AuditRecord
from security.choices import Protocol
from security.errors import AppPasswordNameTaken, TooManyAppPasswords, WrongPassword
from security.models import AppPassword, Lockout, PasswordRule, SignInRecord, SignInRule
from security.services.app_passwords import (
    MAX_APP_PASSWORDS,
    create_app_password,
    revoke_app_password,
)
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, system_operator
from tests.factories.security import second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory()
    second_factor(account)
    return account


def make(account, *protocols, name="Phone"):
    return create_app_password(
        account=account,
        password=PASSWORD,
        name=name,
        protocols=[str(p) for p in protocols or (Protocol.SMTP, Protocol.IMAP)],
        actor=system_operator(account.organization),
    )


def attempt(account, password, protocol=Protocol.SMTP):
    return sign_in(address=account.address, password=password, protocol=protocol, ip="192.0.2.7")


def test_with_a_second_factor_clients_are_refused_the_own_password(account):
    for protocol in (Protocol.SMTP, Protocol.IMAP, Protocol.POP3):
        outcome = attempt(account, PASSWORD, protocol)
        assert (outcome.account, outcome.result) == (None, "app_password")


def test_an_organization_can_want_app_passwords_without_a_second_factor():
    account = AccountFactory()
    assert attempt(account, PASSWORD).account == account

    SignInRule.objects.create(organization=account.organization, clients_apart=True)

    assert attempt(account, PASSWORD).result == "app_password"


def test_an_app_password_opens_its_own_protocols_only(account):
    made = make(account, Protocol.IMAP)

    assert attempt(account, made.password, Protocol.IMAP).account == account
    for protocol in (Protocol.SMTP, Protocol.WEB, Protocol.CONSOLE):
        assert attempt(account, made.password, protocol).account is None


def test_one_of_somebody_else_opens_nothing(account):
    other = AccountFactory()
    made = make(other)

    assert attempt(account, made.password).account is None


def test_its_use_is_noted_with_time_and_address(account):
    made = make(account)

    attempt(account, made.password)

    used = AppPassword.objects.get()
    assert used.last_ip == "192.0.2.7"
    assert used.last_used_at is not None


def test_a_revoked_one_opens_nothing(account):
    made = make(account)

    revoke_app_password(app_password=made.app_password, actor=system_operator())

    assert attempt(account, made.password).result == "wrong_password"
    assert [r.action for r in AuditRecord.objects.order_by("pk")] == [
        "app_password.created",
        "app_password.revoked",
    ]


def test_the_own_password_in_a_client_never_locks_the_account(account):
    """A phone that was not told of the second factor tries again every few minutes."""
    for _ in range(20):
        attempt(account, PASSWORD)

    assert not Lockout.objects.exists()
    assert attempt(account, make(account).password).account == account


def test_wrong_passwords_in_a_client_do(account):
    made = make(account)
    for _ in range(5):
        attempt(account, "wrong")

    assert attempt(account, made.password).result == "locked"


def test_an_expired_password_does_not_concern_app_passwords():
    account = AccountFactory(password_changed_at="2020-01-01T00:00:00Z")
    PasswordRule.objects.create(
        organization=account.organization, expiry_days=30, expire_clients=True
    )
    made = make(account)

    assert attempt(account, PASSWORD).result == "password_expired"
    assert attempt(account, made.password).account == account


def test_an_account_out_of_use_is_refused_with_it_too(account):
    made = make(account)
    account.status = "disabled"
    account.save()

    assert attempt(account, made.password).result == "disabled"


def test_the_mail_servers_find_hashes_that_they_can_verify(account):
    made = make(account, Protocol.IMAP)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mp_hash(password), refusal FROM mp_app_sign_in(%s, 'imap', '192.0.2.1')",
            [account.address],
        )
        ((stored, refusal),) = cursor.fetchall()

    assert refusal is None
    encoded = "ssha512$" + stored.removeprefix("{SSHA512}")
    assert GeneratedPasswordHasher().verify(made.password, encoded)


def test_making_one_needs_the_own_password(account):
    with pytest.raises(WrongPassword):
        create_app_password(
            account=account,
            password="wrong",
            name="Phone",
            protocols=["imap"],
            actor=system_operator(),
        )


def test_names_are_taken_once_for_each_account(account):
    make(account)
    make(AccountFactory())

    with pytest.raises(AppPasswordNameTaken):
        make(account)


def test_there_is_an_end_to_their_number(account):
    for number in range(MAX_APP_PASSWORDS):
        make(account, name=f"Device {number}")

    with pytest.raises(TooManyAppPasswords):
        make(account)


def test_the_log_tells_the_own_password_from_a_wrong_one(account):
    attempt(account, PASSWORD)
    attempt(account, "wrong")

    results = SignInRecord.objects.order_by("pk").values_list("result", flat=True)
    assert list(results) == ["app_password", "wrong_password"]
