from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from admin_platform.models import AuditRecord
from security.models import MemberSession, SecondFactor, SignInRule
from tests.factories.accounts import AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory
from tests.factories.security import second_factor

pytestmark = pytest.mark.django_db

LIST, RULES, SAVE = (
    reverse(name) for name in ("member-security", "sign-in-rules", "sign-in-rules-save")
)


def page_of(account, name="detail"):
    return reverse(f"member-security-{name}", args=[account.pk])


@pytest.fixture
def administrator(client):
    account = AccountFactory(name="宋雅琪")
    grant(account, FULL_ADMINISTRATOR)
    second_factor(account)
    client.force_login(account)
    return account


@pytest.fixture
def member(administrator):
    return AccountFactory(organization=administrator.organization, name="李明")


class TestList:
    def names(self, client, **query):
        return {account.name for account in client.get(LIST, query).context["page"].items}

    def test_it_tells_who_has_a_second_factor(self, client, administrator, member):
        assert self.names(client) == {"宋雅琪", "李明"}
        assert self.names(client, factor="with") == {"宋雅琪"}
        assert self.names(client, factor="without") == {"李明"}

    def test_members_are_found_by_name_and_address(self, client, administrator, member):
        assert self.names(client, q="李") == {"李明"}
        assert self.names(client, q=member.address) == {"李明"}

    def test_who_administers_a_department_sees_its_members_only(self, client, member):
        root = DepartmentFactory(organization=member.organization)
        below = DepartmentFactory(parent=root)
        inside = AccountFactory(organization=member.organization, department=below, name="王芳")
        helper = AccountFactory(organization=member.organization, department=below, name="赵强")
        grant_functions(helper, "member_security.view").departments.set([below])
        client.force_login(helper)

        assert self.names(client) == {"王芳", "赵强"}
        assert client.get(page_of(inside)).status_code == 200
        assert client.get(page_of(member)).status_code == 404

    @pytest.mark.parametrize("count", [10, 60])
    def test_it_costs_the_same_for_any_number_of_members(
        self, client, administrator, count, django_assert_max_num_queries
    ):
        for _ in range(count):
            AccountFactory(organization=administrator.organization, mailbox=False, password="!")
        client.get(LIST)

        with django_assert_max_num_queries(9):
            client.get(LIST)


class TestReset:
    def test_it_is_asked_for_and_done(self, client, member):
        second_factor(member)

        assert "李明" in client.get(page_of(member, "reset")).content.decode()
        client.post(page_of(member, "reset"))

        assert not SecondFactor.objects.filter(user=member).exists()
        assert AuditRecord.objects.filter(action="second_factor.reset").exists()

    def test_a_refusal_is_told(self, client, member):
        response = client.post(page_of(member, "reset"))

        assert response.status_code == 422
        assert "未开启二次验证" in response.content.decode()

    def test_who_may_only_look_is_refused(self, client, member):
        second_factor(member)
        helper = AccountFactory(organization=member.organization)
        grant_functions(helper, "member_security.view")
        client.force_login(helper)

        assert client.post(page_of(member, "reset")).status_code == 403
        assert client.post(page_of(member, "end-sessions")).status_code == 403
        assert SecondFactor.objects.filter(user=member).exists()


class TestSessions:
    def test_one_or_all_sessions_of_a_member_are_ended(self, client, member):
        browsers = [Client() for _ in range(3)]
        for browser in browsers:
            browser.force_login(member)
        first = MemberSession.objects.filter(account=member).earliest("pk")

        client.post(page_of(member, "end-sessions"), {"session": first.pk})
        assert MemberSession.objects.filter(account=member).count() == 2
        client.post(page_of(member, "end-sessions"))

        assert not MemberSession.objects.filter(account=member).exists()
        own = reverse("account-security")
        assert [browser.get(own).status_code for browser in browsers] == [302] * 3

    def test_those_of_another_member_are_not_ended_by_their_number(self, client, member):
        other = AccountFactory(organization=member.organization)
        Client().force_login(other)
        theirs = MemberSession.objects.create(
            account=other,
            session_key="x",
            session_data="",
            expire_date=timezone.now() + timedelta(hours=1),
        )

        for wanted in (theirs.pk, "x", "9" * 30):
            answer = client.post(page_of(member, "end-sessions"), {"session": wanted})
            assert answer.status_code == 404

        assert MemberSession.objects.filter(pk=theirs.pk).exists()

    def test_who_reads_the_log_of_the_members_department_finds_the_help_given(self, client, member):
        second_factor(member)
        Client().force_login(member)

        client.post(page_of(member, "end-sessions"))
        client.post(page_of(member, "reset"))

        records = AuditRecord.objects.filter(target_id=str(member.pk)).order_by("pk")
        department = member.departments.get().pk
        assert list(records.values_list("action", "department_id")) == [
            ("session.ended_for", department),
            ("second_factor.reset", department),
        ]


class TestRules:
    FILLED = {
        "second_factor_for": "administrators",
        "clients_apart": "on",
        "idle_minutes": "30",
        "session_hours": "8",
    }

    def test_they_are_saved_and_recorded(self, client, administrator):
        assert client.post(SAVE, self.FILLED).status_code == 302

        rule = SignInRule.objects.get()
        assert (rule.second_factor_for, rule.clients_apart) == ("administrators", True)
        assert (rule.idle_minutes, rule.session_hours) == (30, 8)
        record = AuditRecord.objects.get(action="sign_in_rule.changed")
        assert record.before == {
            "second_factor_for": "nobody",
            "clients_apart": False,
            "idle_minutes": 120,
            "session_hours": 12,
        }

    def test_without_minutes_only_the_age_counts(self, client, administrator):
        client.post(SAVE, self.FILLED | {"idle_minutes": ""})

        assert SignInRule.objects.get().idle_minutes is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"second_factor_for": "x"},
            {"idle_minutes": "4"},
            {"session_hours": "0"},
            {"session_hours": ""},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, client, administrator, wrong):
        response = client.post(SAVE, self.FILLED | wrong)

        assert response.status_code == 422
        assert list(response.context["form"].errors) == list(wrong)
        assert not SignInRule.objects.exists()

    def test_who_administers_a_department_cannot_change_them(self, client, administrator):
        root = DepartmentFactory(organization=administrator.organization)
        helper = AccountFactory(organization=administrator.organization)
        grant(helper, FULL_ADMINISTRATOR, DepartmentFactory(parent=root))
        client.force_login(helper)

        assert client.post(SAVE, self.FILLED).status_code == 403

    def test_the_page_tells_how_many_have_a_second_factor(self, client, administrator, member):
        assert "2 个帐号中有 1 个已开启二次验证" in client.get(RULES).content.decode()


def test_a_department_administrator_may_help_the_members_of_the_department(client, member):
    root = DepartmentFactory(organization=member.organization)
    below = DepartmentFactory(parent=root)
    inside = AccountFactory(organization=member.organization, department=below)
    helper = AccountFactory(organization=member.organization, department=below)
    grant(helper, DEPARTMENT_ADMINISTRATOR, below)
    second_factor(inside)
    client.force_login(helper)

    assert client.post(page_of(inside, "reset")).status_code == 302
    assert not SecondFactor.objects.filter(user=inside).exists()
