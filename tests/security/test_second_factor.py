import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.errors import AccountProtected, PrimaryDepartmentOutOfScope
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.models import AuditRecord
from security.choices import Protocol, SecondFactorFor
from security.errors import (
    CodeRefused,
    CodeTooSoon,
    NoSecondFactor,
    SecondFactorNeeded,
    WrongPassword,
)
from security.models import RecoveryCode, SecondFactor, SignInRecord, SignInRule
from security.services import second_factor as service
from security.services.second_step import finish_sign_in
from security.services.sign_in import sign_in
from security.totp import accepted_step, enrolment_uri, new_secret
from tests.factories.accounts import PASSWORD, AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory
from tests.factories.security import code_of, second_factor

pytestmark = pytest.mark.django_db

# Middle of a time step, so that no test runs across its end.
NOW = 1_900_000_005


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def account():
    return AccountFactory()


def own(account):
    return operator_of(account, ip="192.0.2.1")


def enable(account, secret=None):
    secret = secret or new_secret()
    codes = service.enable_second_factor(
        account=account,
        password=PASSWORD,
        secret=secret,
        code=code_of(secret),
        actor=own(account),
    )
    return secret, codes


class TestSettingUp:
    def test_the_code_of_the_app_proves_that_it_has_the_secret(self, account):
        _secret, codes = enable(account)

        assert SecondFactor.objects.get().user == account
        assert len(set(codes)) == 10
        record = AuditRecord.objects.get()
        assert (record.action, record.target_id) == ("second_factor.enabled", str(account.pk))

    def test_a_wrong_code_sets_nothing_up(self, account):
        secret = new_secret()

        with pytest.raises(CodeRefused):
            service.enable_second_factor(
                account=account,
                password=PASSWORD,
                secret=secret,
                code=code_of(new_secret()),
                actor=own(account),
            )

        assert not SecondFactor.objects.exists()

    def test_whoever_finds_an_open_session_cannot_set_up_an_app_of_their_own(self, account):
        secret = new_secret()

        with pytest.raises(WrongPassword):
            service.enable_second_factor(
                account=account,
                password="a guess",
                secret=secret,
                code=code_of(secret),
                actor=own(account),
            )

        assert not SecondFactor.objects.exists()

    def test_neither_secret_nor_recovery_codes_are_readable_in_the_database(self, account):
        secret, codes = enable(account)

        stored = SecondFactor.objects.values_list("secret", flat=True).get()
        digests = set(RecoveryCode.objects.values_list("digest", flat=True))
        assert secret not in stored
        assert not digests & set(codes)
        assert AuditRecord.objects.get().after == {}

    def test_the_code_that_set_it_up_does_not_sign_in_too(self, account):
        secret, _codes = enable(account)

        assert not service.check_code(account=account, code=code_of(secret))

    def test_the_picture_says_what_every_app_reads(self):
        uri = enrolment_uri("ABCD", issuer="云栖 科技", address="a@yunqi.example")

        assert uri == (
            "otpauth://totp/%E4%BA%91%E6%A0%96%20%E7%A7%91%E6%8A%80:a@yunqi.example"
            "?secret=ABCD&issuer=%E4%BA%91%E6%A0%96%20%E7%A7%91%E6%8A%80&digits=6&period=30"
        )


class TestCodes:
    def test_a_code_is_accepted_once(self, account):
        secret = second_factor(account)

        assert service.check_code(account=account, code=code_of(secret))
        assert not service.check_code(account=account, code=code_of(secret))

    def test_the_next_code_is_accepted_and_then_no_earlier_one(self, account, clock):
        secret = second_factor(account)

        assert service.check_code(account=account, code=code_of(secret, steps=1))
        assert not service.check_code(account=account, code=code_of(secret))

    @pytest.mark.parametrize(
        ("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)]
    )
    def testclocks_may_differ_by_one_step(self, steps, is_right):
        secret = new_secret()

        assert (accepted_step(secret, code_of(secret, steps=steps)) is not None) is is_right

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"])
    def test_what_is_no_code_is_refused(self, account, code):
        second_factor(account)

        assert not service.check_code(account=account, code=code)

    def test_blanks_in_a_code_do_not_matter(self, account):
        code = code_of(second_factor(account))

        assert service.check_code(account=account, code=f" {code[:3]} {code[3:]} ")

    def test_after_wrong_codes_one_waits_longer_and_longer(self, account, clock):
        secret = second_factor(account)
        for seconds in (0, 1, 2, 4):
            clock.shift(timedelta(seconds=seconds))
            assert not service.check_code(account=account, code="000000")

        with pytest.raises(CodeTooSoon, match=r"\b8\b"):
            service.check_code(account=account, code=code_of(secret))
        clock.shift(timedelta(seconds=8))

        assert service.check_code(account=account, code=code_of(secret))

    def test_nobody_is_kept_waiting_for_more_than_ten_minutes(self, account, clock):
        secret = second_factor(account)
        for _ in range(15):
            clock.shift(timedelta(minutes=10))
            service.check_code(account=account, code="000000")

        clock.shift(timedelta(minutes=10))

        assert service.check_code(account=account, code=code_of(secret))


class TestRecoveryCodes:
    def test_each_works_once_however_it_is_typed(self, account):
        _secret, codes = enable(account)

        assert service.check_code(account=account, code=codes[0].upper().replace("-", " "))
        assert not service.check_code(account=account, code=codes[0])

    def test_those_of_another_account_do_not_work(self, account):
        enable(account)
        _secret, codes = enable(AccountFactory())

        assert not service.check_code(account=account, code=codes[0])

    def test_new_ones_replace_the_former(self, account):
        _secret, codes = enable(account)

        new = service.renew_recovery_codes(account=account, password=PASSWORD, actor=own(account))

        assert not service.check_code(account=account, code=codes[0])
        assert RecoveryCode.objects.count() == len(new) == 10

    def test_new_ones_need_the_password(self, account):
        enable(account)

        with pytest.raises(WrongPassword):
            service.renew_recovery_codes(account=account, password="x", actor=own(account))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_recovery_code_at_once_one_gets_in(account):
    _secret, codes = enable(account)
    accepted = []

    def use():
        try:
            accepted.append(service.check_code(account=account, code=codes[0]))
        except CodeTooSoon:
            accepted.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(accepted) == [False] * 5 + [True]


class TestSwitchingOff:
    def test_it_takes_the_password(self, account):
        enable(account)

        with pytest.raises(WrongPassword):
            service.disable_second_factor(account=account, password="x", actor=own(account))
        service.disable_second_factor(account=account, password=PASSWORD, actor=own(account))

        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()

    def test_it_is_refused_where_the_organization_wants_one(self, account):
        SignInRule.objects.create(
            organization=account.organization, second_factor_for=SecondFactorFor.EVERYBODY
        )
        enable(account)

        with pytest.raises(SecondFactorNeeded):
            service.disable_second_factor(account=account, password=PASSWORD, actor=own(account))

    def test_there_must_be_one(self, account):
        with pytest.raises(NoSecondFactor):
            service.disable_second_factor(account=account, password=PASSWORD, actor=own(account))


class TestReset:
    @pytest.fixture
    def helper(self, account):
        helper = AccountFactory(organization=account.organization)
        grant_functions(helper, "member_security.view", "member_security.reset")
        return own(helper)

    def test_an_administrator_takes_a_lost_one_off(self, account, helper):
        second_factor(account)

        service.reset_second_factor(account=account, actor=helper)

        assert sign_in_web(account).account == account
        record = AuditRecord.objects.get(action="second_factor.reset")
        assert (record.actor_id, record.target_id) == (helper.account_id, str(account.pk))

    def test_nobody_takes_it_off_a_mightier_one(self, account, helper):
        grant(account, FULL_ADMINISTRATOR)
        second_factor(account)

        with pytest.raises(AccountProtected):
            service.reset_second_factor(account=account, actor=helper)

    def test_nobody_takes_it_off_somebody_of_another_department(self, account):
        root = DepartmentFactory(organization=account.organization)
        helper = AccountFactory(organization=account.organization)
        grant(helper, FULL_ADMINISTRATOR, DepartmentFactory(parent=root))
        second_factor(account)

        with pytest.raises(PrimaryDepartmentOutOfScope):
            service.reset_second_factor(account=account, actor=own(helper))


def sign_in_web(account, password=PASSWORD):
    return sign_in(
        address=account.address, password=password, protocol=Protocol.WEB, ip="192.0.2.1"
    )


def finish(account, code):
    return finish_sign_in(account=account, code=code, protocol=Protocol.WEB, ip="192.0.2.1")


def results():
    return list(SignInRecord.objects.order_by("pk").values_list("result", flat=True))


class TestSigningIn:
    @pytest.fixture
    def secret(self, account):
        return second_factor(account)

    def test_a_right_password_opens_nothing_yet(self, account, secret):
        outcome = sign_in_web(account)

        assert (outcome.account, outcome.second_step) == (None, account)
        account.refresh_from_db()
        assert account.last_login is None

    def test_the_code_opens_the_account(self, account, secret):
        sign_in_web(account)

        assert finish(account, code_of(secret)).account == account
        assert results() == ["second_step", "success"]

    def test_a_wrong_password_is_refused_as_everywhere(self, account, secret):
        outcome = sign_in_web(account, "wrong")

        assert (outcome.account, outcome.second_step) == (None, None)
        assert results() == ["wrong_password"]

    def test_wrong_codes_lock_the_account_and_the_password_gives_no_new_start(
        self, account, secret, clock
    ):
        for _ in range(4):
            sign_in_web(account)
            clock.shift(timedelta(seconds=30))
            assert finish(account, "000000").result == "wrong_code"

        sign_in_web(account)
        clock.shift(timedelta(seconds=30))
        assert finish(account, "000000").result == "locking"
        clock.shift(timedelta(seconds=30))

        assert sign_in_web(account).second_step is None
        assert finish(account, code_of(secret)).result == "locked"

    def test_an_account_disabled_meanwhile_is_refused(self, account, secret):
        sign_in_web(account)
        account.status = "disabled"
        account.save()

        assert finish(account, code_of(secret)).account is None
