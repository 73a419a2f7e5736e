from datetime import timedelta

import argon2
import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.hashers import GeneratedPasswordHasher
from orgs.models import Domain
from security.choices import Protocol, SignInResult
from security.models import SignInRecord
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, alias

pytestmark = pytest.mark.django_db


def attempt(address, password=PASSWORD, protocol=Protocol.WEB):
    return sign_in(address=address, password=password, protocol=protocol, ip="192.0.2.1")


def test_the_right_password_opens_the_account_and_is_recorded():
    account = AccountFactory()

    outcome = attempt(account.address.upper())

    assert outcome.account == account
    record = SignInRecord.objects.get()
    assert (record.account, record.result, record.ip) == (account, "success", "192.0.2.1")


def test_an_alias_and_a_domain_alias_open_the_same_account():
    account = AccountFactory()
    alias(account, f"boss@{account.domain.name}")
    Domain.objects.create(
        organization=account.organization, name="other.example", alias_of=account.domain
    )

    for address in (f"boss@{account.domain.name}", f"{account.local_part}@other.example"):
        assert attempt(address).account == account


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"status": AccountStatus.DISABLED}, SignInResult.DISABLED),
        ({"status": AccountStatus.FROZEN}, SignInResult.FROZEN),
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, SignInResult.EXPIRED),
        ({"deleted_at": timezone.now()}, SignInResult.DELETED),
    ],
)
def test_an_account_out_of_use_is_refused_although_the_password_is_right(fields, result):
    account = AccountFactory(**fields)

    outcome = attempt(account.address)

    assert (outcome.account, outcome.result) == (None, result)


def test_an_account_that_expires_later_still_opens():
    account = AccountFactory(expires_at=timezone.now() + timedelta(hours=1))

    assert attempt(account.address).account == account


@pytest.mark.parametrize(
    ("protocol", "switch"),
    [
        (Protocol.WEB, "web_enabled"),
        (Protocol.SMTP, "smtp_enabled"),
        (Protocol.IMAP, "imap_enabled"),
        (Protocol.POP3, "pop3_enabled"),
    ],
)
def test_a_protocol_that_is_off_refuses_and_the_console_stays_open(protocol, switch):
    account = AccountFactory(**{f"mailbox__{switch}": False})

    assert attempt(account.address, protocol=protocol).result is SignInResult.PROTOCOL_OFF
    assert attempt(account.address, protocol=Protocol.CONSOLE).account == account


def test_without_a_mailbox_one_signs_in_by_browser_only():
    account = AccountFactory(mailbox=False)

    assert attempt(account.address).account == account
    assert attempt(account.address, protocol=Protocol.IMAP).result is SignInResult.NO_MAILBOX


@pytest.mark.parametrize("address", ["nobody@nowhere.example", "", "\x00", "x" * 9000, "a@b@c"])
def test_whatever_is_typed_is_recorded_and_refused(address):
    outcome = attempt(address, password="x")

    assert outcome.result is SignInResult.UNKNOWN
    assert SignInRecord.objects.get().account is None


def test_a_list_address_opens_nothing():
    from accounts.choices import AddressKind
    from accounts.models import Address
    from tests.factories.orgs import DomainFactory

    domain = DomainFactory()
    Address.objects.create(
        address=f"all@{domain.name}", local_part="all", domain=domain, kind=AddressKind.LIST
    )

    assert attempt(f"all@{domain.name}").result is SignInResult.UNKNOWN


@pytest.mark.parametrize("change", [{"result": "success"}, {"ip": "192.0.2.9"}])
def test_a_sign_in_record_is_never_changed(change):
    attempt("nobody@nowhere.example")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SignInRecord.objects.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SignInRecord.objects.all().delete()

    assert SignInRecord.objects.get().result == SignInResult.UNKNOWN


def test_a_sign_in_record_outlives_its_account():
    account = AccountFactory()
    attempt(account.address)

    account.memberships.all().delete()
    account.delete()

    record = SignInRecord.objects.get()
    assert (record.account, record.address) == (None, account.address)


@pytest.mark.parametrize("kind", ["chosen", "made up", "unusable", "unknown"])
def test_a_failure_costs_one_full_hash_whatever_account_it_meant(kind, monkeypatch):
    stored = {
        "chosen": make_password(PASSWORD),
        "made up": GeneratedPasswordHasher().encode(PASSWORD, "salt"),
        "unusable": make_password(None),
    }
    address = "nobody@nowhere.example"
    if kind != "unknown":
        address = AccountFactory(password=stored[kind]).address
    hashes = []
    real = argon2.low_level.hash_secret
    monkeypatch.setattr(
        argon2.low_level, "hash_secret", lambda *a, **k: hashes.append(1) or real(*a, **k)
    )
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *a: hashes.append(1) or verify(*a))

    attempt(address, password="wrong")

    assert len(hashes) == 1
