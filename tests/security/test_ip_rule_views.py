import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.presets import FULL_ADMINISTRATOR
from admin_platform.models import AuditRecord
from security.choices import IpAction
from security.models import IpPolicy, IpRule
from security.selectors.networks import network_refuses
from tests.factories.accounts import AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory
from tests.factories.security import default_rule, member_rules

pytestmark = pytest.mark.django_db

ALLOW, DENY = IpAction.ALLOW, IpAction.DENY
LIST, CREATE = reverse("ip-rules:list"), reverse("ip-rules:create")
MEMBERS, MEMBER_CREATE = reverse("ip-rules:members"), reverse("ip-rules:member-create")
# The test client's address is 127.0.0.1.
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def administrator(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


def rule(text, action=DENY, **more):
    return {"range": text, "action": action} | more


def test_a_created_rule_is_listed_recorded_and_obeyed(client, administrator):
    response = client.post(CREATE, rule("198.51.100.0/24", note="Cafe"), follow=True)

    page = response.content.decode()
    assert "198.51.100.0/24" in page
    assert "Cafe" in page
    assert network_refuses(administrator.pk, ELSEWHERE)
    record = AuditRecord.objects.get(action="ip_rule.created")
    assert record.after == {"range": "198.51.100.0/24", "action": "deny", "note": "Cafe"}


def test_a_changed_rule_is_obeyed_as_it_now_is(client, administrator):
    made = default_rule(administrator.organization, "198.51.100.0/24", DENY)

    client.post(reverse("ip-rules:change", args=[made.pk]), rule("203.0.113.0/24"))

    assert not network_refuses(administrator.pk, ELSEWHERE)
    assert network_refuses(administrator.pk, "203.0.113.9")
    record = AuditRecord.objects.get(action="ip_rule.changed")
    assert (record.before["range"], record.after["range"]) == ("198.51.100.0/24", "203.0.113.0/24")


def test_a_deleted_rule_no_longer_holds(client, administrator):
    made = default_rule(administrator.organization, "198.51.100.0/24", DENY)

    client.post(reverse("ip-rules:delete", args=[made.pk]))

    assert not network_refuses(administrator.pk, ELSEWHERE)
    assert AuditRecord.objects.get(action="ip_rule.deleted").before["action"] == "deny"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (rule("office"), "不是 IP 地址"),
        (rule(""), "必填"),
        (rule("10.0.0.9-10.0.0.1"), "起止地址颠倒"),
        (rule("10.0.0.0/24"), "已在列表中"),
        (rule("10.0.1.0/24", "perhaps"), "perhaps"),
        (rule("10.0.1.0/24", note="x" * 101), "100"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_what_was_typed_stays(
    client, administrator, data, reason
):
    default_rule(administrator.organization, "10.0.0.0/24", DENY)

    response = client.post(CREATE, data)

    assert response.status_code == 422
    page = response.content.decode()
    assert reason in page
    assert f'value="{data["range"]}"' in page or not data["range"]
    assert IpRule.objects.count() == 1


def test_two_organizations_have_the_same_range_each(client, administrator):
    default_rule(AccountFactory().organization, "10.0.0.0/24", DENY)

    client.post(CREATE, rule("10.0.0.0/24"))

    assert IpRule.objects.count() == 2


@pytest.mark.parametrize("data", [rule("10.0.0.0/8", ALLOW), rule("127.0.0.0/8", DENY)])
def test_a_rule_that_keeps_its_author_out_is_saved_only_once_confirmed(client, administrator, data):
    asked = client.post(CREATE, data)

    assert asked.status_code == 422
    page = asked.content.decode()
    assert "无法在当前 IP 地址 127.0.0.1 登录" in page
    assert 'name="confirmed"' in page
    assert not IpRule.objects.exists()
    assert not AuditRecord.objects.filter(action="ip_rule.created").exists()

    client.post(CREATE, data | {"confirmed": "on"})

    assert IpRule.objects.count() == 1
    assert client.get(LIST).status_code == 302


def test_the_tick_is_not_offered_before_it_is_needed(client, administrator):
    assert 'name="confirmed"' not in client.get(CREATE).content.decode()


def test_deleting_or_changing_what_lets_one_in_asks_first(client, administrator):
    made = default_rule(administrator.organization, "127.0.0.1")
    default_rule(administrator.organization, "10.0.0.0/8")
    delete = reverse("ip-rules:delete", args=[made.pk])
    change = reverse("ip-rules:change", args=[made.pk])

    assert client.post(delete).status_code == 422
    assert client.post(change, rule("127.0.0.2", ALLOW)).status_code == 422
    made.refresh_from_db()
    assert str(made.range) == "127.0.0.1"

    client.post(delete, {"confirmed": "on"})

    assert IpRule.objects.count() == 1


def test_the_page_says_what_holds_for_all_other_addresses(client, administrator):
    default_rule(administrator.organization, "198.51.100.0/24", DENY)
    assert "其他 IP 地址均可登录" in client.get(LIST).content.decode()

    default_rule(administrator.organization, "127.0.0.0/8")
    assert "其他 IP 地址一律禁止登录" in client.get(LIST).content.decode()


def test_a_session_ends_at_its_next_request_once_a_rule_refuses_its_address(client, administrator):
    member = colleague_of(administrator)
    browser = Client()
    browser.force_login(member)
    assert browser.get("/mail/").status_code == 200

    default_rule(administrator.organization, "127.0.0.0/8", DENY)
    response = browser.get("/mail/")

    assert response["Location"] == "/login/?next=/mail/"
    assert "当前网络不允许登录" in browser.get("/login/").content.decode()
    IpRule.objects.all().delete()
    assert browser.get("/mail/").status_code == 302


def test_a_fragment_of_an_ended_session_sends_the_whole_page_to_sign_in(client, administrator):
    default_rule(administrator.organization, "127.0.0.0/8", DENY)

    response = client.get(LIST, headers={"HX-Request": "true"})

    assert response["HX-Redirect"].startswith("/admin.jsp?next=")


def test_an_open_session_goes_on_from_an_address_that_may(client, administrator):
    default_rule(administrator.organization, "127.0.0.0/8")

    assert client.get(LIST).status_code == 200


def test_a_forged_forwarding_header_does_not_open_a_closed_network(client, administrator, settings):
    default_rule(administrator.organization, "10.0.0.0/8")
    forged = {"X-Forwarded-For": "10.0.0.1"}

    assert client.get(LIST, headers=forged).status_code == 302
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client.force_login(administrator)
    forged = {"X-Forwarded-For": "10.0.0.1, 198.51.100.7"}
    assert client.get(LIST, headers=forged).status_code == 302
    client.force_login(administrator)
    assert client.get(LIST, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 200


def rules(*members, allowed="", denied="", elsewhere=DENY, **more):
    return {
        "members": [member.pk for member in members],
        "allowed": allowed,
        "denied": denied,
        "elsewhere": elsewhere,
    } | more


def test_members_get_own_rules_each(client, administrator):
    one, other = colleague_of(administrator), colleague_of(administrator)

    response = client.post(
        MEMBER_CREATE,
        rules(one, other, allowed="203.0.113.0/24\n10.0.0.1 - 10.0.0.9", denied="203.0.113.9"),
        follow=True,
    )

    assert "已为 2 个成员新建个别规则" in response.content.decode()
    for member in (one, other):
        assert not network_refuses(member.pk, "203.0.113.1")
        assert not network_refuses(member.pk, "10.0.0.5")
        assert network_refuses(member.pk, "203.0.113.9")
        assert network_refuses(member.pk, ELSEWHERE)
    assert not network_refuses(administrator.pk, ELSEWHERE)
    record = AuditRecord.objects.filter(action="ip_policy.created", target_id=one.pk).get()
    assert record.after["denied"] == ["203.0.113.9"]


def test_members_are_found_and_kept_without_scripts(client, administrator):
    chosen = colleague_of(administrator, name="Ada Lovelace", pinyin="ada lovelace")
    colleague_of(administrator, name="Grace Hopper", pinyin="grace hopper")

    page = client.get(
        MEMBER_CREATE, {"members": chosen.pk, "members-find": "grace", "allowed": "10.0.0.0/8"}
    ).content.decode()

    for text in ("Ada Lovelace", "Grace Hopper", "10.0.0.0/8"):
        assert text in page


def test_rules_are_changed_and_the_old_ranges_are_gone(client, administrator):
    member = colleague_of(administrator)
    policy = member_rules(member, ("203.0.113.0/24", ALLOW), elsewhere=DENY)
    path = reverse("ip-rules:member-change", args=[policy.pk])

    assert "203.0.113.0/24" in client.get(path).content.decode()
    client.post(path, rules(denied="198.51.100.0/24", elsewhere=ALLOW))

    assert network_refuses(member.pk, ELSEWHERE)
    assert not network_refuses(member.pk, "192.0.2.1")
    assert list(policy.rules.values_list("action", flat=True)) == ["deny"]
    record = AuditRecord.objects.get(action="ip_policy.changed")
    assert (record.before["allowed"], record.after["allowed"]) == (["203.0.113.0/24"], [])


def test_without_own_rules_the_default_ones_hold_again(client, administrator):
    member = colleague_of(administrator)
    default_rule(administrator.organization, "198.51.100.0/24", DENY)
    policy = member_rules(member, elsewhere=ALLOW)

    client.post(reverse("ip-rules:member-delete", args=[policy.pk]))

    assert network_refuses(member.pk, ELSEWHERE)
    assert not IpPolicy.objects.exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"members": []}, "请"),
        ({"members": ["999999999"]}, "不在您"),
        ({"allowed": "10.0.0.0/8 office"}, "“office”不是 IP 地址"),
        ({"allowed": "10.0.0.0/8", "denied": "10.*.*.*"}, "同时出现"),
        ({"elsewhere": ""}, "必填"),
    ],
)
def test_member_rules_that_cannot_be_are_refused_and_what_was_typed_stays(
    client, administrator, data, reason
):
    member = colleague_of(administrator)

    response = client.post(MEMBER_CREATE, rules(member, allowed="192.0.2.1") | data)

    page = response.content.decode()
    assert response.status_code == 422
    assert reason in page
    assert data.get("allowed", "192.0.2.1") in page
    assert not IpPolicy.objects.exists()


def test_a_member_with_own_rules_gets_no_second_ones(client, administrator):
    member = colleague_of(administrator)
    member_rules(member, elsewhere=ALLOW)

    response = client.post(MEMBER_CREATE, rules(member))

    assert response.status_code == 422
    assert "已有个别规则" in response.content.decode()


def test_own_rules_that_keep_their_author_out_are_saved_only_once_confirmed(client, administrator):
    data = rules(administrator, allowed="10.0.0.0/8")

    asked = client.post(MEMBER_CREATE, data)

    assert asked.status_code == 422
    assert "无法在当前 IP 地址" in asked.content.decode()
    assert not IpPolicy.objects.exists()
    client.post(MEMBER_CREATE, data | {"confirmed": "on"})
    assert IpPolicy.objects.get().account == administrator


@pytest.fixture
def departments(client):
    """An administrator of one department, an account in it and one in another."""
    own = AccountFactory()
    root = DepartmentFactory(organization=own.organization)
    mine, theirs = DepartmentFactory(parent=root), DepartmentFactory(parent=root)
    made = grant_functions(own, "ip_rule.view", "ip_rule.manage")
    made.departments.set([mine])
    client.force_login(own)
    near = colleague_of(own, name="Near", department=mine)
    far = colleague_of(own, name="Far", department=theirs)
    return near, far


def test_a_department_administrator_makes_rules_for_the_own_members_only(client, departments):
    near, far = departments

    assert client.post(MEMBER_CREATE, rules(near, far)).status_code == 422
    assert client.post(MEMBER_CREATE, rules(near)).status_code == 302

    assert IpPolicy.objects.get().account == near


def test_a_department_administrator_sees_the_rules_of_the_own_members_only(client, departments):
    near, far = departments
    member_rules(near, elsewhere=ALLOW)
    foreign = member_rules(far, elsewhere=ALLOW)

    page = client.get(MEMBERS).content.decode()

    assert "Near" in page
    assert "Far" not in page
    for name in ("member-change", "member-delete"):
        assert client.get(reverse(f"ip-rules:{name}", args=[foreign.pk])).status_code == 404


def test_a_department_administrator_sees_the_default_rules_and_changes_none(client, departments):
    near, _far = departments
    made = default_rule(near.organization, "10.0.0.0/8", DENY)

    page = client.get(LIST).content.decode()

    assert "10.0.0.0/8" in page
    assert CREATE not in page
    refused = client.post(CREATE, rule("192.0.2.0/24"))
    assert refused.status_code == 422
    assert "整个企业" in refused.content.decode()
    assert client.post(reverse("ip-rules:delete", args=[made.pk])).status_code == 422
    assert IpRule.objects.get() == made


def test_nobody_keeps_out_who_holds_more_rights(client, departments):
    near, _far = departments
    grant(near, FULL_ADMINISTRATOR)

    response = client.post(MEMBER_CREATE, rules(near))

    assert response.status_code == 422
    assert not IpPolicy.objects.exists()


@pytest.mark.parametrize("path", [LIST, MEMBERS])
def test_the_lists_take_as_many_queries_for_thirty_rows_as_for_one(client, administrator, path):
    def make(number):
        default_rule(administrator.organization, f"10.0.{number}.0/24", DENY)
        member_rules(
            colleague_of(administrator), ("10.0.0.1", ALLOW), ("10.0.0.2", DENY), elsewhere=DENY
        )

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    make(0)
    one = count()
    for number in range(1, 30):
        make(number)

    assert count() == one


def test_the_list_of_members_is_searched(client, administrator):
    member_rules(colleague_of(administrator, name="Ada Lovelace", pinyin="ada"), elsewhere=DENY)
    member_rules(colleague_of(administrator, name="Other"), elsewhere=DENY)

    page = client.get(MEMBERS, {"q": "lovelace"}).content.decode()

    assert "Ada Lovelace" in page
    assert "Other" not in page
