from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import AccountProtected
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from accounts.services.passwords import reset_password
from admin_platform.models import AuditRecord
from security.models import MemberSession, SignInRule
from security.selectors.sessions import device_of
from security.services.sessions import end_sessions_of
from tests.factories.accounts import (
    PASSWORD,
    AccountFactory,
    grant,
    grant_functions,
    system_operator,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("account-security")
NEW = "Stiller-Hafen-19"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def account():
    return AccountFactory()


def signed_in(account, client=FIREFOX, ip="192.0.2.1"):
    browser = Client(headers={"user-agent": client}, REMOTE_ADDR=ip)
    browser.post("/login/", {"address": account.address, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get(PAGE).status_code == 200


def test_a_session_says_whose_it_is_from_where_and_since_when(account):
    signed_in(account)

    session = MemberSession.objects.get(account=account)
    assert (session.ip, session.client) == ("192.0.2.1", FIREFOX)
    assert timezone.now() - session.started_at < timedelta(minutes=1)


def test_a_browser_that_only_looks_at_the_sign_in_page_has_no_session(client):
    client.get("/login/")

    assert not MemberSession.objects.exists()


def test_an_answer_that_comes_late_does_not_sign_out_who_just_changed_the_password(account):
    browser = signed_in(account)
    late = Client()
    late.cookies = browser.cookies.copy()
    change = {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW}
    browser.post(reverse("password-change"), change)

    answer = late.get(PAGE)

    assert answer.status_code == 302
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert is_in(browser)


def test_signing_out_takes_the_cookie_away(account):
    browser = signed_in(account)

    browser.post(reverse("sign-out"))

    assert browser.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_one_other_session_is_ended_and_the_rest_go_on(account):
    here, there, elsewhere = (signed_in(account, ip=f"192.0.2.{n}") for n in (1, 2, 3))
    ended = MemberSession.objects.get(ip="192.0.2.2")

    here.post(reverse("session-end", args=[ended.pk]))

    assert [is_in(browser) for browser in (here, there, elsewhere)] == [True, False, True]
    assert AuditRecord.objects.get(action="session.ended").before["ip"] == "192.0.2.2"


def test_all_others_are_ended_at_once(account):
    here, there, elsewhere = (signed_in(account) for _ in range(3))

    here.post(reverse("sessions-end-others"))

    assert [is_in(browser) for browser in (here, there, elsewhere)] == [True, False, False]


def test_nobody_ends_the_session_of_another_member_that_way(account):
    other = signed_in(AccountFactory())
    theirs = MemberSession.objects.exclude(account=account).get(account__isnull=False)

    response = signed_in(account).post(reverse("session-end", args=[theirs.pk]))

    assert response.status_code == 404
    assert is_in(other)


def test_a_page_never_carries_the_key_of_a_session(account):
    here = signed_in(account)
    signed_in(account)

    page = here.get(PAGE).content.decode()

    for key in MemberSession.objects.values_list("session_key", flat=True):
        assert key not in page


def test_changing_the_password_ends_the_others_and_keeps_this_one(account):
    here, there = signed_in(account), signed_in(account)

    here.post(
        reverse("password-change"),
        {
            "old_password": PASSWORD,
            "new_password": "Silver-Orchard-7",
            "repeated": "Silver-Orchard-7",
        },
    )

    assert [is_in(here), is_in(there)] == [True, False]
    assert MemberSession.objects.filter(account=account).count() == 1


def test_a_reset_password_ends_all_sessions_at_once(account):
    browser = signed_in(account)

    reset_password(account=account, password="", actor=system_operator())

    assert not MemberSession.objects.filter(account=account).exists()
    assert not is_in(browser)


class TestLimits:
    NOW = timezone.now().replace(microsecond=0)

    @pytest.fixture(autouse=True)
    def _rule(self, account):
        SignInRule.objects.create(
            organization=account.organization, idle_minutes=30, session_hours=2
        )

    def after(self, account, *minutes, **headers):
        """Whether the session of somebody who comes at these minutes is open at the last one."""
        with time_machine.travel(self.NOW, tick=False) as clock:
            browser = signed_in(account)
            for minute in minutes:
                clock.move_to(self.NOW + timedelta(minutes=minute))
                answer = browser.get(PAGE, headers=headers)
        return answer.status_code == 200

    def test_left_alone_it_ends(self, account):
        assert self.after(account, 29)
        assert not self.after(account, 30)

    def test_used_it_goes_on_until_it_is_too_old(self, account):
        minutes = [20, 40, 60, 80, 100, 119]

        assert self.after(account, *minutes)
        assert not self.after(account, *minutes, 120)

    def test_a_page_that_asks_by_itself_does_not_keep_it_alive(self, account):
        assert not self.after(account, 10, 20, 30, **{"X-Polling": "1"})

    def test_one_that_ended_leads_to_sign_in_and_is_listed_no_more(self, account):
        with time_machine.travel(self.NOW, tick=False) as clock:
            old = signed_in(account)
            clock.move_to(self.NOW + timedelta(minutes=31))
            new = signed_in(account)

            assert len(new.get(PAGE).context["sessions"]) == 1
            assert old.get(PAGE)["Location"].startswith("/login/?next=")

    def test_without_idle_limit_only_the_age_counts(self, account):
        SignInRule.objects.update(idle_minutes=None)

        assert self.after(account, 119)
        assert not self.after(account, 120)


class TestAdministrator:
    def operator(self, account):
        helper = AccountFactory(organization=account.organization)
        grant_functions(helper, "member_security.view", "member_security.end_sessions")
        return operator_of(helper, ip="192.0.2.9")

    def test_ends_all_sessions_of_a_member(self, account):
        browser = signed_in(account)

        end_sessions_of(account=account, actor=self.operator(account))

        assert not is_in(browser)
        assert AuditRecord.objects.get(action="session.ended_for").after == {"count": 1}

    def test_leaves_those_of_a_mightier_one_alone(self, account):
        grant(account, FULL_ADMINISTRATOR)
        browser = signed_in(account)

        with pytest.raises(AccountProtected):
            end_sessions_of(account=account, actor=self.operator(account))

        assert is_in(browser)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_however_many_sessions_there_are(
    account, count, django_assert_max_num_queries
):
    browser = signed_in(account)
    browser.get(PAGE)
    MemberSession.objects.bulk_create(
        MemberSession(
            account=account,
            session_key=f"key-{n}",
            session_data="",
            expire_date=timezone.now() + timedelta(hours=1),
        )
        for n in range(count)
    )

    with django_assert_max_num_queries(9):
        browser.get(PAGE)


@pytest.mark.parametrize(
    ("client", "device"),
    [
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_devices_are_named_as_people_know_them(client, device):
    assert device_of(client) == device
