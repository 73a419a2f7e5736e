import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from admin_platform.models import AuditRecord
from security.choices import Protocol, SignInResult
from security.models import LockoutExemption, LockoutRule
from security.selectors.lockouts import lockout_rule_of
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory
from tests.factories.security import allow_listed, locked, lockout_rule

pytestmark = pytest.mark.django_db

LIST, UNLOCK = reverse("lockouts:list"), reverse("lockouts:unlock")
CONFIGURE, ALLOWED = reverse("lockouts:configure"), reverse("lockouts:exemptions")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def administrator(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


def names(response):
    return [lockout.account.name for lockout in response.context["page"].items]


def comes_in(account):
    outcome = sign_in(
        address=account.address, password=PASSWORD, protocol=Protocol.SMTP, ip="198.51.100.7"
    )
    return outcome.result is SignInResult.SUCCESS


def test_the_list_shows_who_is_locked_now_the_latest_first(client, administrator):
    locked(colleague_of(administrator, name="Over"), minutes=-1)
    locked(colleague_of(administrator, name="Earlier"))
    locked(colleague_of(administrator, name="Later"), minutes=12)
    colleague_of(administrator, name="Free")

    response = client.get(LIST)

    assert names(response) == ["Later", "Earlier"]
    assert "12 分钟" in response.content.decode()


@pytest.mark.parametrize("query", ["zhao", "赵", "zhaoyun", "member"])
def test_the_list_is_searched_by_name_pinyin_and_address(client, administrator, query):
    wanted = colleague_of(administrator, name="赵云", pinyin="zhaoyun zy", local_part="x.member9")
    wanted.address = f"x.member9@{wanted.domain.name}"
    locked(wanted)
    locked(colleague_of(administrator, name="Other", local_part="ada", pinyin="other"))

    assert names(client.get(LIST, {"q": query})) == ["赵云"]


def test_an_account_unlocked_by_its_button_signs_in_at_once(client, administrator):
    account = colleague_of(administrator)
    locked(account)
    other = colleague_of(administrator)
    locked(other)

    response = client.post(UNLOCK, {"only": account.pk}, headers=HTMX)

    assert response.status_code == 200
    assert names(response) == [other.name]
    assert comes_in(account)
    assert not comes_in(other)


def test_many_accounts_are_unlocked_at_once_each_with_its_record(client, administrator):
    accounts = [colleague_of(administrator) for _ in range(3)]
    for account in accounts:
        locked(account)

    response = client.post(UNLOCK, {"id": [account.pk for account in accounts[:2]]}, follow=True)

    assert "已解锁 2 个帐号" in response.content.decode()
    assert [comes_in(account) for account in accounts] == [True, True, False]
    records = AuditRecord.objects.filter(action="account.unlocked")
    assert {record.target_id for record in records} == {str(a.pk) for a in accounts[:2]}
    assert len({record.batch for record in records}) == 1


def test_unlocking_starts_the_count_anew(client, administrator):
    lockout_rule(administrator.organization, attempts=3)
    account = colleague_of(administrator)
    for _ in range(3):
        sign_in(address=account.address, password="wrong", protocol=Protocol.WEB, ip="198.51.100.7")

    client.post(UNLOCK, {"only": account.pk})

    outcome = sign_in(
        address=account.address, password="wrong", protocol=Protocol.WEB, ip="198.51.100.7"
    )
    assert outcome.result is SignInResult.WRONG_PASSWORD


@pytest.mark.parametrize("ids", [[], ["0"], ["x"], ["9" * 40]])
def test_unlocking_nothing_does_nothing(client, administrator, ids):
    account = colleague_of(administrator)
    locked(account)

    response = client.post(UNLOCK, {"id": ids}, headers=HTMX)

    assert response.status_code == 200
    assert not comes_in(account)


def test_a_department_administrator_sees_and_unlocks_the_own_departments_only(client):
    own = AccountFactory()
    root = DepartmentFactory(organization=own.organization)
    mine, theirs = DepartmentFactory(parent=root), DepartmentFactory(parent=root)
    grant(own, DEPARTMENT_ADMINISTRATOR, mine)
    client.force_login(own)
    near = colleague_of(own, name="Near", department=mine)
    far = colleague_of(own, name="Far", department=theirs)
    locked(near)
    locked(far)

    assert names(client.get(LIST)) == ["Near"]
    client.post(UNLOCK, {"id": [near.pk, far.pk]})

    assert comes_in(near)
    assert not comes_in(far)


def test_who_only_sees_the_list_cannot_unlock(client):
    own = AccountFactory()
    grant_functions(own, "lockout.view")
    client.force_login(own)
    account = colleague_of(own)
    locked(account)

    page = client.get(LIST).content.decode()

    assert account.name in page
    assert 'name="only"' not in page
    assert 'name="id"' not in page
    assert client.post(UNLOCK, {"only": account.pk}).status_code == 403


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(client, administrator):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST, {"size": 100})
        return len(queries)

    locked(colleague_of(administrator))
    one = count()
    for _ in range(29):
        locked(colleague_of(administrator))

    assert count() == one


def test_a_long_list_has_pages(client, administrator):
    for number in range(25):
        locked(colleague_of(administrator, name=f"Member {number:02}"))

    first = client.get(LIST, {"size": 20})
    second = client.get(LIST, {"size": 20, "after": first.context["page"].next})

    assert len(names(first)) == 20
    assert sorted(names(first) + names(second)) == [f"Member {n:02}" for n in range(25)]


SETTINGS = {"is_on": "on", "attempts": 4, "window_minutes": 10, "lock_minutes": 60}


def test_the_settings_hold_from_the_next_wrong_password_on(client, administrator):
    account = colleague_of(administrator)

    response = client.post(CONFIGURE, SETTINGS, headers=HTMX)

    assert response.status_code == 204
    outcomes = [
        sign_in(address=account.address, password="x", protocol=Protocol.WEB, ip=None).result
        for _ in range(4)
    ]
    assert outcomes == ["wrong_password"] * 3 + ["locking"]
    assert account.lockout.minutes_left == 60
    record = AuditRecord.objects.get(action="lockout.configured")
    assert (record.before["attempts"], record.after["attempts"]) == (5, 4)
    assert record.organization_id == administrator.organization_id


@pytest.mark.parametrize(
    "wrong",
    [{"attempts": 2}, {"attempts": 101}, {"attempts": ""}, {"lock_minutes": 0},
     {"window_minutes": 1441}, {"lock_minutes": "soon"}],
)  # fmt: skip
def test_settings_out_of_range_are_refused_and_kept_in_the_form(client, administrator, wrong):
    response = client.post(CONFIGURE, SETTINGS | wrong)

    assert response.status_code == 422
    assert (
        f'value="{next(iter(wrong.values()))}"' in response.content.decode() or "" in wrong.values()
    )
    assert not LockoutRule.objects.exists()


def test_turning_locking_off_says_so_on_the_page(client, administrator):
    locked(colleague_of(administrator))

    client.post(CONFIGURE, SETTINGS | {"is_on": ""})

    page = client.get(LIST)
    assert names(page) == []
    assert "锁定功能已关闭" in page.content.decode()


def test_settings_are_the_own_organizations(client, administrator):
    other = AccountFactory().organization

    client.post(CONFIGURE, SETTINGS)

    assert lockout_rule_of(administrator.organization_id).attempts == 4
    assert lockout_rule_of(other.pk).attempts == 5


def test_a_department_administrator_cannot_set_up_locking(client):
    own = AccountFactory()
    grant(
        own,
        DEPARTMENT_ADMINISTRATOR,
        DepartmentFactory(parent=DepartmentFactory(organization=own.organization)),
    )
    client.force_login(own)

    assert client.post(CONFIGURE, SETTINGS).status_code == 403
    assert (
        client.post(reverse("lockouts:exemption-create"), {"range": "10.0.0.1"}).status_code == 403
    )
    assert CONFIGURE not in client.get(LIST).content.decode()


def test_an_added_range_never_locks_and_is_listed(client, administrator):
    account = colleague_of(administrator)
    locked(account)

    client.post(reverse("lockouts:exemption-create"), {"range": "198.51.100.*", "note": "Office"})

    page = client.get(ALLOWED).content.decode()
    assert "198.51.100.0/24" in page
    assert "Office" in page
    assert comes_in(account)
    assert AuditRecord.objects.get(action="lockout.range_added").target_name == "198.51.100.0/24"


def test_a_removed_range_counts_again(client, administrator):
    exemption = allow_listed(administrator.organization, "198.51.100.0/24")
    account = colleague_of(administrator)
    locked(account)
    path = reverse("lockouts:exemption-delete", args=[exemption.pk])

    assert "198.51.100.0/24" in client.get(path).content.decode()
    client.post(path)

    assert not comes_in(account)
    assert AuditRecord.objects.filter(action="lockout.range_removed").count() == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "必填"), ("office", "不是 IP 地址"), ("10.0.0.0/24", "已在列表中")],
)
def test_a_range_that_cannot_be_added_is_refused_with_its_reason(
    client, administrator, text, reason
):
    allow_listed(administrator.organization, "10.0.0.0/24")

    response = client.post(reverse("lockouts:exemption-create"), {"range": text})

    assert response.status_code == 422
    assert reason in response.content.decode()
    assert LockoutExemption.objects.count() == 1
