from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.presets import AUDITOR, FULL_ADMINISTRATOR
from security.models import PasswordRule
from tests.factories.accounts import PASSWORD, AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db

PAGE, SAVE, CHECK = (reverse(f"password-{name}") for name in ("rules", "rules-save", "check"))
FILLED = {
    "expires": "on",
    "expiry_days": "90",
    "warning_days": "7",
    "expire_clients": "on",
    "min_length": "8",
    "max_length": "16",
    "min_classes": "3",
    "digit_runs": "none",
    "no_names": "on",
    "history": "5",
}


@pytest.fixture
def administrator(client):
    account = AccountFactory(name="宋雅琪", pinyin="songyaqi syq")
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


@pytest.mark.parametrize(
    ("method", "url", "auditor", "viewer", "manager"),
    [("get", PAGE, 200, 200, 200), ("post", SAVE, 403, 403, 302)],
)
def test_who_may_do_what(client, method, url, auditor, viewer, manager):
    codes = []
    for give in (
        lambda a: grant(a, AUDITOR),
        lambda a: grant_functions(a, "password_rule.view"),
        lambda a: grant_functions(a, "password_rule.view", "password_rule.manage"),
    ):
        account = AccountFactory()
        give(account)
        client.force_login(account)
        codes.append(getattr(client, method)(url, FILLED).status_code)

    assert codes == [auditor, viewer, manager]


def test_the_rules_are_saved_as_they_were_entered(client, administrator):
    client.post(SAVE, FILLED)

    rule = PasswordRule.objects.get()
    assert (rule.expiry_days, rule.warning_days, rule.expire_clients) == (90, 7, True)
    assert (rule.min_length, rule.max_length, rule.min_classes) == (8, 16, 3)
    assert (rule.digit_runs, rule.no_names, rule.no_leaked, rule.history) == (
        "none",
        True,
        False,
        5,
    )


def test_what_stands_beside_a_switch_that_is_off_is_not_kept(client, administrator):
    client.post(SAVE, FILLED)
    client.post(SAVE, {key: value for key, value in FILLED.items() if key != "expires"})

    rule = PasswordRule.objects.get()
    assert (rule.expiry_days, rule.expire_clients) == (None, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"min_length": "7"}, "min_length"),
        ({"min_length": "17"}, "min_length"),
        ({"max_length": "129"}, "max_length"),
        ({"min_classes": "5"}, "min_classes"),
        ({"digit_runs": "x"}, "digit_runs"),
        ({"history": "-1"}, "history"),
        ({"expiry_days": ""}, "expiry_days"),
        ({"expiry_days": "7", "warning_days": "7"}, "warning_days"),
        ({"expiry_days": "a\x00b"}, "expiry_days"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_in_the_form(client, administrator, wrong, field):
    response = client.post(SAVE, FILLED | wrong)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not PasswordRule.objects.exists()


def test_the_page_of_a_department_administrator_shows_the_rules_and_saves_none(client):
    account = AccountFactory()
    below = DepartmentFactory(parent=DepartmentFactory(organization=account.organization))
    grant(account, FULL_ADMINISTRATOR, below)
    client.force_login(account)

    page = client.get(PAGE)
    saved = client.post(SAVE, FILLED)

    assert '<fieldset class="plain" disabled>' in page.content.decode()
    assert saved.status_code == 403
    assert not PasswordRule.objects.exists()


class TestList:
    """The list beside a password's field."""

    def states(self, response):
        return {rule.code: state for rule, state in response.context["rules"]}

    def test_it_tells_which_rules_one_s_own_password_keeps(self, client, administrator):
        client.post(SAVE, FILLED | {"no_leaked": "on"})

        answer = client.post(f"{CHECK}?field=new_password&own=1", {"new_password": "songyaqi12"})

        assert self.states(answer) == {
            "length": "kept",
            "classes": "broken",
            "digit-run": "kept",
            "words": "broken",
            "leaked": "kept",
            "history": "",
        }

    def test_for_somebody_else_the_name_in_the_form_counts(self, client, administrator):
        typed = {"password": "LiMing-2x", "name": "李明", "local_part": "ming"}

        answer = client.post(CHECK, typed)

        assert self.states(answer)["words"] == "broken"
        assert "history" not in self.states(answer)

    def test_nothing_typed_is_neither_kept_nor_broken(self, client, administrator):
        assert set(self.states(client.post(CHECK, {})).values()) == {""}

    def test_it_never_tells_whether_a_password_is_the_present_one(self, client, administrator):
        for typed in (PASSWORD, "Quiet-Harbour-20"):
            answer = client.post(f"{CHECK}?own=1", {"password": typed})
            assert self.states(answer)["history"] == ""

    def test_the_page_lists_the_rules_without_scripts(self, client, administrator):
        page = client.get(reverse("password-change")).content.decode()

        assert "8 到 128 个字符。" in page
        assert 'data-password-rules="id_new_password"' in page
        assert "songyaqi" in page

    def test_a_password_is_not_sent_back(self, client, administrator):
        answer = client.post(CHECK, {"password": "Silver-Orchard-7"})

        assert "Silver-Orchard-7" not in answer.content.decode()


def test_an_expired_password_is_changed_before_anything_else(client, administrator):
    PasswordRule.objects.create(organization=administrator.organization, expiry_days=30)
    administrator.password_changed_at = timezone.now() - timedelta(days=30, minutes=1)
    administrator.save()

    for path in ("/console/", "/mail/"):
        assert client.get(path)["Location"] == reverse("password-change")
    page = client.get(reverse("password-change")).content.decode()

    assert "您的密码已过期。" in page


def test_a_page_costs_no_query_more_for_the_rules(client, django_assert_max_num_queries):
    client.force_login(AccountFactory())

    with django_assert_max_num_queries(20) as made:
        client.get("/password/change/x/")

    asking = [q["sql"] for q in made.captured_queries if "security_passwordrule" in q["sql"]]
    assert len(asking) == 1
    assert "accounts_account" in asking[0]


def test_the_pages_on_which_administrators_type_passwords_list_the_rules(client, administrator):
    member = AccountFactory(organization=administrator.organization, name="李明")

    create = client.get(reverse("accounts:account-create")).content.decode()
    reset = client.get(reverse("accounts:account-password", args=[member.pk])).content.decode()

    for page in (create, reset):
        assert 'data-password-rules="id_password"' in page
        assert "8 到 128 个字符。" in page
    assert member.local_part in reset.split('data-rule="words"')[1][:300]
