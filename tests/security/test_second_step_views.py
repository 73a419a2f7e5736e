from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.presets import FULL_ADMINISTRATOR
from security.models import SecondFactor, SignInRule
from tests.factories.accounts import PASSWORD, AccountFactory, grant
from tests.factories.security import code_of, second_factor

pytestmark = pytest.mark.django_db

STEP, SET_UP = reverse("second-step"), reverse("second-factor")


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def secret(account):
    return second_factor(account)


def password(client, account, path="/login/", **extra):
    return client.post(path, {"address": account.address, "password": PASSWORD, **extra})


def is_signed_in(client):
    return client.get(reverse("account-security")).status_code == 200


@pytest.mark.parametrize(("path", "landing"), [("/login/", "/mail/"), ("/admin.jsp", "/console/")])
def test_the_code_leads_to_where_the_password_was_given_for(client, account, secret, path, landing):
    asked = password(client, account, path)
    assert asked["Location"] == STEP
    assert not is_signed_in(client)

    response = client.post(STEP, {"code": code_of(secret)})

    assert response["Location"] == landing
    assert is_signed_in(client)


def test_after_both_steps_one_is_where_one_wanted_to_be(client, account, secret):
    password(client, account, next="/mail/?folder=Sent")

    assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/mail/?folder=Sent"


def test_a_wrong_code_is_told_and_asked_again(client, account, secret):
    password(client, account)

    response = client.post(STEP, {"code": "000000"})

    assert response.status_code == 422
    assert "验证码不正确" in response.content.decode()
    assert not is_signed_in(client)


def test_after_five_wrong_codes_the_password_is_asked_again(client, account, secret, settings):
    with time_machine.travel(1_900_000_005, tick=False) as clock:
        password(client, account)
        for _ in range(5):
            client.post(STEP, {"code": "000000"})
            clock.shift(timedelta(seconds=20))

        assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/login/"


def test_without_a_password_before_there_is_no_second_step(client):
    assert client.get(STEP)["Location"] == "/login/"
    assert client.post(STEP, {"code": "123456"})["Location"] == "/login/"


def test_the_second_step_does_not_wait_for_ever(client, account, secret):
    with time_machine.travel(1_900_000_005, tick=False) as clock:
        password(client, account)
        clock.shift(timedelta(minutes=6))

        assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/login/"


def test_a_password_changed_meanwhile_voids_the_first_step(client, account, secret):
    password(client, account)
    account.set_password("Silver-Orchard-7")
    account.save()

    assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/login/"


def test_a_wrong_password_reads_the_same_with_and_without_a_second_factor(client, account, secret):
    answers = [
        client.post("/login/", {"address": address, "password": "wrong"})
        for address in (account.address, AccountFactory().address, "nobody@nowhere.example")
    ]

    assert {a.status_code for a in answers} == {422}
    assert len({str(a.context["form"].non_field_errors()) for a in answers}) == 1


class TestRequired:
    @pytest.fixture
    def rule(self, account):
        return SignInRule.objects.create(organization=account.organization)

    def require(self, rule, whom):
        rule.second_factor_for = whom
        rule.save()

    @pytest.mark.parametrize(
        ("whom", "member", "administrator"),
        [("nobody", 200, 200), ("administrators", 200, 302), ("everybody", 302, 302)],
    )
    def test_whom_the_rule_means_sets_one_up_before_anything_else(
        self, client, account, rule, whom, member, administrator
    ):
        self.require(rule, whom)
        codes = []
        for give in (lambda a: None, lambda a: grant(a, FULL_ADMINISTRATOR)):
            give(account)
            client.force_login(account)
            codes.append(client.get("/mail/").status_code)

        assert codes == [member, administrator]

    def test_the_page_to_set_it_up_is_open_and_the_rest_leads_there(self, client, account, rule):
        self.require(rule, "everybody")
        client.force_login(account)

        assert client.get("/mail/")["Location"] == SET_UP
        assert client.get("/mail/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
        page = client.get(SET_UP)
        assert page.status_code == 200
        assert "企业要求您开启二次验证" in page.content.decode()

    def test_once_set_up_everything_is_open(self, client, account, rule):
        self.require(rule, "everybody")
        client.force_login(account)
        secret = client.get(SET_UP).context["spelled"].replace(" ", "")

        done = client.post(SET_UP, {"code": code_of(secret), "password": PASSWORD})

        assert len(done.context["codes"]) == 10
        assert client.get("/mail/").status_code == 200


class TestOwnPages:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client, account):
        client.force_login(account)

    def test_the_key_stays_the_same_until_a_code_confirms_it(self, client):
        first = client.get(SET_UP).context["spelled"]
        client.post(SET_UP, {"code": "000000", "password": PASSWORD})

        assert client.get(SET_UP).context["spelled"] == first
        assert not SecondFactor.objects.exists()

    def test_the_page_carries_the_picture_and_nothing_from_elsewhere(self, client):
        page = client.get(SET_UP).content.decode()

        assert "<svg" in page
        assert "https://" not in page

    def test_a_second_one_is_not_set_up_beside_the_first(self, client, secret):
        assert client.get(SET_UP)["Location"] == reverse("account-security")

    def test_switching_off_asks_for_the_password(self, client, secret):
        off = reverse("second-factor-disable")

        refused = client.post(off, {"password": "wrong"})
        client.post(off, {"password": PASSWORD})

        assert refused.status_code == 422
        assert not SecondFactor.objects.exists()

    def test_new_recovery_codes_are_shown_once(self, client, secret):
        response = client.post(reverse("recovery-codes"), {"password": PASSWORD})

        assert len(response.context["codes"]) == 10
        overview = client.get(reverse("account-security")).content.decode()
        assert response.context["codes"][0] not in overview

    def test_an_app_password_is_shown_once_and_can_be_revoked(self, client, account):
        filled = {"name": "手机", "protocols": ["smtp", "imap"], "password": PASSWORD}

        made = client.post(reverse("app-password-create"), filled).context["made"]
        overview = client.get(reverse("account-security")).content.decode()
        assert made.password not in overview
        assert "手机" in overview
        client.post(reverse("app-password-revoke", args=[made.app_password.pk]))

        assert not account.app_passwords.exists()

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"protocols": ["web"]}, {"protocols": []}, {"password": "x"}]
    )
    def test_a_wrong_entry_makes_none_and_keeps_the_others(self, client, account, wrong):
        filled = {"name": "手机", "protocols": ["smtp"], "password": PASSWORD} | wrong

        response = client.post(reverse("app-password-create"), filled)

        assert response.status_code == 422
        assert not account.app_passwords.exists()

    def test_those_of_others_are_not_there(self, client):
        other = AccountFactory()
        theirs = other.app_passwords.create(name="x", protocols=["imap"], encoded="x")

        assert client.post(reverse("app-password-revoke", args=[theirs.pk])).status_code == 404
        assert other.app_passwords.exists()
