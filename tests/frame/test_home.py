from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Mailbox
from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from admin_platform import home, jobs, menu
from admin_platform.models import Job
from admin_platform.reminders import reminders_for
from orgs.models import Domain, ProviderNotice, Reseller
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory
from tests.factories.security import second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def administrator(client):
    account = AccountFactory(name="陈思远", mobile="13800000000")
    grant(account, FULL_ADMINISTRATOR)
    second_factor(account)
    client.force_login(account)
    return account


def reminded(client) -> list[str]:
    """What the home page asks for, the most urgent first."""
    return [f"{r.severity}: {r.text}" for r in client.get("/console/").context["reminders"]]


@pytest.mark.parametrize(
    ("zone", "greeting"), [("Asia/Shanghai", "晚上好"), ("Europe/London", "下午好")]
)
def test_the_greeting_follows_the_clock_of_the_organization(client, administrator, zone, greeting):
    administrator.organization.time_zone = zone
    administrator.organization.save()

    with time_machine.travel(datetime(2026, 3, 12, 12, 30, tzinfo=UTC), tick=False):
        client.force_login(administrator)
        page = client.get("/console/").content.decode()

    assert f"{greeting}，陈思远" in page


def test_a_calm_organization_reminds_of_nothing(client, administrator):
    assert reminded(client) == []


def test_signing_in_with_the_password_alone_is_reminded_of(client, administrator):
    administrator.second_factor.delete()

    assert reminded(client) == ["mid: 您的帐号未开启二次验证"]


def test_a_domain_whose_mail_goes_elsewhere_is_the_first_thing_to_do(client, administrator):
    organization = administrator.organization
    organization.service_until = timezone.localdate() + timedelta(days=3)
    organization.save()
    DomainFactory(organization=organization, name="lost.example", mx_state=Domain.MxState.WRONG)

    page = client.get("/console/").content.decode()

    assert reminded(client) == [
        "bad: lost.example 的 MX 记录未指向本平台",
        "mid: 服务将在 3 天后到期",
    ]
    assert "MX 未验证" in page


@pytest.mark.parametrize(("seats", "expected"), [(1, ["bad: 帐号数已用完"]), (20, []), (2, [])])
def test_seats_that_run_out_are_told(client, administrator, seats, expected):
    administrator.organization.seats = seats
    administrator.organization.save()

    assert reminded(client) == expected


def test_mailboxes_nearly_full_are_counted_within_the_departments_of_the_operator(client):
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization)
    sales, research = (DepartmentFactory(parent=root) for _ in range(2))
    administrator = AccountFactory(
        organization=organization, department=sales, mobile="13800000000"
    )
    grant(administrator, DEPARTMENT_ADMINISTRATOR, sales)
    second_factor(administrator)
    full = {"mailbox__quota_bytes": 100, "mailbox__usage_bytes": 90}
    AccountFactory(organization=organization, department=sales, **full)
    AccountFactory(organization=organization, department=research, **full)
    client.force_login(administrator)

    assert reminded(client) == ["mid: 1 个邮箱的空间快满了"]


def test_a_mailbox_without_limit_is_never_full(client, administrator):
    Mailbox.objects.update(quota_bytes=0, usage_bytes=10**12)

    assert reminded(client) == []


def test_accounts_that_expire_within_a_week_are_told(client, administrator):
    organization = administrator.organization
    for days in (-1, 3, 6, 8):
        AccountFactory(organization=organization, expires_at=timezone.now() + timedelta(days=days))

    assert reminded(client) == ["mid: 2 个帐号将在一周内到期"]


def test_own_work_is_followed_until_a_day_after_its_end(client, administrator, monkeypatch):
    monkeypatch.setitem(
        jobs._kinds, "copying", jobs.JobKind("copying", "Copying", lambda job: False)
    )
    own = {
        "kind": "copying",
        "owner_id": administrator.pk,
        "organization_id": administrator.organization_id,
    }
    now = timezone.now()
    Job.objects.create(**own, state=Job.State.RUNNING, total=10, done=4)
    Job.objects.create(**own, state=Job.State.SUCCEEDED, done=9, failed=1, finished_at=now)
    Job.objects.create(**own, state=Job.State.FAILED, error="Disk full", finished_at=now)
    Job.objects.create(**own, state=Job.State.SUCCEEDED, finished_at=now - timedelta(days=2))
    Job.objects.create(**own | {"owner_id": 0}, state=Job.State.RUNNING)

    found = reminders_for(client.get("/console/").wsgi_request)

    assert [(r.severity, str(r.detail)) for r in found] == [
        ("bad", "Disk full"),
        ("mid", "成功 9，失败 1"),
        ("low", "已处理 4 / 10"),
    ]


def test_unread_notices_come_first_and_opening_one_marks_it(client, administrator):
    now = timezone.now()
    old = ProviderNotice.objects.create(title="Old", starts_at=now - timedelta(days=9))
    ProviderNotice.objects.create(title="New", starts_at=now - timedelta(days=1))
    ProviderNotice.objects.create(title="Later", starts_at=now + timedelta(days=1))
    ProviderNotice.objects.create(title="Over", starts_at=now - timedelta(2), ends_at=now)

    before = client.get("/console/notices/").context["notices"]
    assert [(n.title, n.is_read) for n in before] == [("New", False), ("Old", False)]

    client.get(f"/console/notices/{before[0].pk}/")

    after = client.get("/console/notices/").context["notices"]
    assert [(n.title, n.is_read) for n in after] == [("Old", False), ("New", True)]
    assert after[0] == old


def test_a_notice_that_is_over_is_gone(client, administrator):
    notice = ProviderNotice.objects.create(title="Over", ends_at=timezone.now())

    assert client.get(f"/console/notices/{notice.pk}/").status_code == 404


def test_the_desk_names_administrators_use_and_reseller(client, administrator):
    organization = administrator.organization
    organization.reseller = Reseller.objects.create(name="清和信息", phone="0571-1")
    organization.seats = 1200
    organization.save()
    Mailbox.objects.update(usage_bytes=3 * 1024**3)

    page = client.get("/console/").content.decode()

    assert administrator.address in page.split('class="desk')[1]
    assert "1 / 1,200" in page
    assert "3 GB / 2 TB" in page
    assert "清和信息" in page


def test_a_recommended_function_says_whether_it_is_on(client, administrator, monkeypatch):
    for code, url_name in (("welcome", "home"), ("backup", "")):
        entry = replace(menu.entry(code), url_name=url_name)
        monkeypatch.setitem(menu._entries, code, entry)
    monkeypatch.setattr(home, "_features", {"backup": str, "welcome": lambda request: "On"})

    features = client.get("/console/").context["features"]

    assert [(f.entry.code, str(f.state)) for f in features] == [
        ("welcome", "On"),
        ("backup", "尚未开发"),
    ]


def test_a_function_one_may_not_use_is_not_recommended(client):
    account = AccountFactory()
    grant(account, DEPARTMENT_ADMINISTRATOR)
    client.force_login(account)

    assert client.get("/console/").context["features"] == []
    assert menu.entry("backup")


def test_the_home_page_takes_no_more_queries_with_more_accounts(
    client, administrator, django_assert_max_num_queries
):
    client.get("/console/")
    AccountFactory.create_batch(3, organization=administrator.organization)
    cache.clear()

    with django_assert_max_num_queries(25):
        client.get("/console/")
