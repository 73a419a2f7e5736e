from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.errors import PasswordRefused
from accounts.models import Account
from accounts.passwords import check_password_rules, generate_password
from accounts.selectors.operators import operator_of
from accounts.services.passwords import reset_password
from admin_platform.models import AuditRecord
from admin_platform.name_pinyin import name_pinyin
from security.choices import DigitRuns, Protocol
from security.errors import WholeOrganizationOnly
from security.models import PasswordRule, PreviousPassword
from security.services.password_rules import change_password_rules
from security.services.passwords import change_own_password
from security.services.sign_in import sign_in
from tests.factories.accounts import (
    PASSWORD,
    AccountFactory,
    grant,
    system_operator,
)
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

LAX = {
    "min_classes": 1,
    "no_names": False,
    "no_leaked": False,
    "history": 0,
}


def rule(organization, **values):
    return PasswordRule.objects.create(organization=organization, **(LAX | values))


def refusals(password, account):
    try:
        check_password_rules(password, account)
    except PasswordRefused as refused:
        return len(refused.reasons)
    return 0


@pytest.fixture
def account():
    return AccountFactory(
        name="张伟", pinyin=name_pinyin("张伟"), local_part="boss7", mailbox=False
    )


@pytest.mark.parametrize(
    ("values", "refused", "accepted"),
    [
        ({"min_length": 10}, "a" * 9, "a" * 10),
        ({"max_length": 16}, "a" * 17, "a" * 16),
        ({"min_classes": 3}, "abcdefgh1", "abcdefgH1"),
        ({"min_classes": 4}, "abcdefgH1", "abcdefgH1!"),
        ({"digit_runs": DigitRuns.NO_SEQUENCE}, "abcdef123", "abcdef135"),
        ({"digit_runs": DigitRuns.NONE}, "abcdef135", "abcd13ef5"),
        ({"no_keyboard_runs": True}, "xxxqwerxxx", "xxxqwexrxx"),
        ({"no_names": True}, "xxZhangWei1", "xxZhangLi1"),
        ({"no_names": True}, "xx张伟xxxxx", "xx张三xxxxx"),
        ({"no_names": True}, "xxBOSS7xxx", "xxBOSS8xxx"),
        ({"no_leaked": True}, "woaini1314", "woaini1315x"),
        ({"no_leaked": True}, "Password1!", "Passwort-1!"),
    ],
)
def test_each_rule_refuses_what_breaks_it_and_nothing_else(account, values, refused, accepted):
    rule(account.organization, **values)

    assert refusals(refused, account) == 1
    assert refusals(accepted, account) == 0


def test_every_broken_rule_is_told_at_once(account):
    rule(account.organization, min_length=12, min_classes=3, no_names=True)

    assert refusals("zhangwei", account) == 3


def test_an_organization_that_set_nothing_has_sensible_rules(account):
    assert refusals("12345678", account) == 2
    assert refusals("Silver-Orchard-7", account) == 0


def test_the_rules_of_another_organization_do_not_matter(account):
    rule(OrganizationFactory(), min_length=16, min_classes=4)

    assert refusals("Silver-Orch7", account) == 0


class TestHistory:
    def change(self, account, old, new):
        account.refresh_from_db()
        change_own_password(
            account=account, old_password=old, new_password=new, actor=system_operator()
        )

    def test_the_last_ones_do_not_come_back_and_older_ones_may(self, account):
        rule(account.organization, history=2)
        used = [PASSWORD, "Quiet-Harbour-20", "Quiet-Harbour-21", "Quiet-Harbour-22"]
        for old, new in pairwise(used):
            self.change(account, old, new)

        for again in used[1:3]:
            with pytest.raises(ValidationError):
                self.change(account, used[3], again)
        self.change(account, used[3], PASSWORD)

        account.refresh_from_db()
        assert account.check_password(PASSWORD)

    def test_it_counts_passwords_however_they_were_set(self, account):
        rule(account.organization, history=1)
        Account.objects.filter(pk=account.pk).update(password=make_password("Quiet-Harbour-20"))

        with pytest.raises(PasswordRefused):
            reset_password(account=account, password=PASSWORD, actor=system_operator())

    def test_the_present_one_is_refused_from_an_administrator_too(self, account):
        rule(account.organization, history=1)

        with pytest.raises(PasswordRefused):
            reset_password(account=account, password=PASSWORD, actor=system_operator())

    def test_no_more_hashes_are_kept_than_the_rule_needs(self, account):
        rule(account.organization, history=2)

        for number in range(5):
            Account.objects.filter(pk=account.pk).update(password=f"argon2$x{number}")

        kept = PreviousPassword.objects.order_by("pk").values_list("encoded", flat=True)
        assert list(kept) == ["argon2$x2", "argon2$x3"]

    def test_without_the_rule_none_is_kept(self, account):
        rule(account.organization, history=0)

        Account.objects.filter(pk=account.pk).update(password="argon2$x")

        assert not PreviousPassword.objects.exists()


@pytest.mark.parametrize("max_length", [16, 128])
def test_made_up_passwords_pass_the_strictest_rules(account, max_length):
    rule(
        account.organization,
        min_length=16,
        max_length=max_length,
        min_classes=4,
        digit_runs=DigitRuns.NONE,
        no_keyboard_runs=True,
        no_names=True,
        no_leaked=True,
        history=3,
    )

    assert [refusals(generate_password(account), account) for _ in range(200)] == [0] * 200


class TestChanging:
    def operator(self, *departments):
        account = AccountFactory()
        root = DepartmentFactory(organization=account.organization)
        places = [DepartmentFactory(parent=root)] if departments else []
        grant(account, "full_administrator", *places)
        return account.organization, operator_of(account, ip="192.0.2.1")

    def test_the_change_is_recorded_with_before_and_after(self):
        organization, operator = self.operator()

        change_password_rules(organization=organization, values={"min_length": 12}, actor=operator)

        assert organization.password_rule.min_length == 12
        record = AuditRecord.objects.get(action="password_rule.changed")
        assert (record.before, record.after) == ({"min_length": 8}, {"min_length": 12})

    def test_who_administers_only_a_department_cannot_change_them(self):
        organization, operator = self.operator("one department")

        with pytest.raises(WholeOrganizationOnly):
            change_password_rules(
                organization=organization, values={"min_length": 12}, actor=operator
            )

        assert not PasswordRule.objects.exists()

    def test_switching_the_history_off_forgets_what_was_kept(self):
        organization, operator = self.operator()
        account = AccountFactory(organization=organization)
        Account.objects.filter(pk=account.pk).update(password="argon2$x")
        assert PreviousPassword.objects.exists()

        change_password_rules(organization=organization, values={"history": 0}, actor=operator)

        assert not PreviousPassword.objects.exists()


class TestInitialPassword:
    @pytest.mark.parametrize("protocol", [Protocol.SMTP, Protocol.IMAP, Protocol.POP3])
    def test_it_opens_no_mail_client_until_its_owner_has_changed_it(self, protocol):
        account = AccountFactory(must_change_password=True)
        typed = {"address": account.address, "protocol": protocol, "ip": "192.0.2.1"}

        refused = sign_in(password=PASSWORD, **typed)
        change_own_password(
            account=account,
            old_password=PASSWORD,
            new_password="Silver-Orchard-7",
            actor=system_operator(),
        )

        assert (refused.account, refused.result) == (None, "initial_password")
        assert sign_in(password="Silver-Orchard-7", **typed).account == account

    def test_a_wrong_one_is_called_wrong(self):
        account = AccountFactory(must_change_password=True)

        outcome = sign_in(
            address=account.address, password="wrong", protocol=Protocol.SMTP, ip="192.0.2.1"
        )

        assert outcome.result == "wrong_password"


class TestExpiry:
    @pytest.fixture
    def account(self):
        account = AccountFactory(password_changed_at=timezone.now() - timedelta(days=31))
        rule(account.organization, expiry_days=30, expire_clients=True)
        return account

    def attempt(self, account, protocol):
        return sign_in(
            address=account.address, password=PASSWORD, protocol=protocol, ip="192.0.2.1"
        )

    @pytest.mark.parametrize("protocol", [Protocol.SMTP, Protocol.IMAP, Protocol.POP3])
    def test_an_expired_password_opens_no_mail_client(self, account, protocol):
        outcome = self.attempt(account, protocol)

        assert (outcome.account, outcome.result) == (None, "password_expired")

    @pytest.mark.parametrize("protocol", [Protocol.WEB, Protocol.CONSOLE])
    def test_the_browser_still_lets_one_in_to_change_it(self, account, protocol):
        assert self.attempt(account, protocol).account == account

    def test_clients_go_on_where_the_organization_wants_it(self, account):
        PasswordRule.objects.update(expire_clients=False)

        assert self.attempt(account, Protocol.SMTP).account == account

    def test_a_new_password_opens_mail_clients_again(self, account):
        change_own_password(
            account=account,
            old_password=PASSWORD,
            new_password="Silver-Orchard-7",
            actor=system_operator(),
        )

        outcome = sign_in(
            address=account.address, password="Silver-Orchard-7", protocol=Protocol.SMTP, ip=None
        )
        assert outcome.account == account
