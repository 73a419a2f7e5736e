"""Which address may sign in, as every protocol is answered."""

import pytest
from django.db import connection

from security.choices import IpAction, Protocol, SignInResult
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.factories.security import default_rule, member_rules

pytestmark = pytest.mark.django_db

ALLOW, DENY = IpAction.ALLOW, IpAction.DENY


def may(account, ip, protocol=Protocol.WEB):
    outcome = sign_in(address=account.address, password=PASSWORD, protocol=protocol, ip=ip)
    assert outcome.result in {SignInResult.SUCCESS, SignInResult.NETWORK}
    return outcome.result is SignInResult.SUCCESS


@pytest.fixture
def account():
    return AccountFactory()


def test_without_rules_every_address_may(account):
    assert may(account, "198.51.100.7")
    assert may(account, "2001:db8::7")
    assert may(account, None)


def test_a_denied_range_refuses_only_itself(account):
    default_rule(account.organization, "198.51.100.0/24", DENY)

    assert not may(account, "198.51.100.255")
    assert may(account, "198.51.101.0")
    assert may(account, "2001:db8::7")


def test_an_allowed_range_leaves_nothing_else(account):
    default_rule(account.organization, "10.0.0.1-10.0.0.9")

    assert may(account, "10.0.0.1")
    assert may(account, "10.0.0.9")
    assert not may(account, "10.0.0.10")
    assert not may(account, "2001:db8::7")
    assert not may(account, None)


@pytest.mark.parametrize("protocol", list(Protocol))
def test_every_protocol_obeys(account, protocol):
    default_rule(account.organization, "10.0.0.0/8")

    assert may(account, "10.0.0.1", protocol)
    assert not may(account, "198.51.100.7", protocol)


def test_of_overlapping_ranges_the_most_specific_decides_in_whatever_order_they_came(account):
    default_rule(account.organization, "10.1.2.3")
    default_rule(account.organization, "10.0.0.0/8")
    default_rule(account.organization, "10.1.0.0/16", DENY)

    assert may(account, "10.2.0.1")
    assert not may(account, "10.1.0.1")
    assert may(account, "10.1.2.3")


def test_of_overlapping_ranges_of_one_size_the_denying_one_decides(account):
    default_rule(account.organization, "10.0.0.1-10.0.0.10")
    default_rule(account.organization, "10.0.0.6-10.0.0.15", DENY)

    assert may(account, "10.0.0.5")
    assert not may(account, "10.0.0.8")


def test_ipv6_ranges_of_any_size_are_compared(account):
    default_rule(account.organization, "::/0", DENY)
    default_rule(account.organization, "2001:db8::/32")
    default_rule(account.organization, "2001:db8:0:1::/64", DENY)

    assert may(account, "2001:db8::7")
    assert not may(account, "2001:db8:0:1::7")
    assert not may(account, "2001:db9::7")


def test_an_ipv4_address_mapped_into_ipv6_meets_the_rules_for_ipv4(account):
    default_rule(account.organization, "198.51.100.0/24", DENY)

    assert not may(account, "::ffff:198.51.100.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT mp_network_refusal(%s, '::ffff:198.51.100.7')", [account.pk])
        assert cursor.fetchone() == ("network",)


@pytest.mark.parametrize(("elsewhere", "open_elsewhere"), [(ALLOW, True), (DENY, False)])
def test_own_rules_stand_in_for_the_default_ones(account, elsewhere, open_elsewhere):
    default_rule(account.organization, "10.0.0.0/8")
    member_rules(account, ("203.0.113.0/24", ALLOW), ("203.0.113.9", DENY), elsewhere=elsewhere)

    assert may(account, "203.0.113.1")
    assert not may(account, "203.0.113.9")
    assert may(account, "10.0.0.1") is open_elsewhere


def test_own_rules_without_a_range_are_what_holds_elsewhere(account):
    member_rules(account, elsewhere=DENY)

    assert not may(account, "10.0.0.1")


def test_the_rules_of_a_colleague_and_of_another_organization_do_not_matter(account):
    colleague = AccountFactory(organization=account.organization, domain=account.domain)
    member_rules(colleague, elsewhere=DENY)
    default_rule(AccountFactory().organization, "10.0.0.0/8")

    assert may(account, "198.51.100.7")


def test_a_wrong_password_from_a_denied_address_does_not_count(account):
    default_rule(account.organization, "198.51.100.0/24", DENY)

    for _ in range(6):
        outcome = sign_in(
            address=account.address, password="wrong", protocol="web", ip="198.51.100.7"
        )
        assert outcome.result is SignInResult.NETWORK

    assert may(account, "10.0.0.1")
