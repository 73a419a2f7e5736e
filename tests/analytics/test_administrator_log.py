import csv
import io

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from admin_platform import audit
from admin_platform.audit_chain import check, head, seal_records
from admin_platform.models import AuditRecord
from tests.factories.accounts import AccountFactory, grant, system_operator
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db
LOG = reverse("analytics:record-list")


@pytest.fixture
def auditor(client):
    account = AccountFactory()
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def record(account, action="account.changed", **values):
    return audit.record(action, actor=system_operator(), target=account, **values)


def test_a_record_reads_as_a_sentence_with_what_changed(client, auditor):
    target = AccountFactory(organization=auditor.organization, name="张伟")
    made = record(target, before={"status": "active"}, after={"status": "disabled"})

    page = client.get(LOG).content.decode()
    detail = client.get(reverse("analytics:record-detail", args=[made.pk])).content.decode()

    assert "张伟" in page
    assert "正常 → 禁用" in page
    assert "修改前" in detail


def test_the_log_of_another_organization_is_not_there(client, auditor):
    foreign = record(AccountFactory(name="外人"))

    assert "外人" not in client.get(LOG).content.decode()
    assert "外人" not in export(client)[0].__str__()
    assert client.get(reverse("analytics:record-detail", args=[foreign.pk])).status_code == 404


def test_a_department_administrator_with_the_function_sees_the_own_departments_only(client):
    account = AccountFactory()
    root = DepartmentFactory(organization=account.organization)
    own, other = (DepartmentFactory(parent=root) for _ in range(2))
    made = grant(account, DEPARTMENT_ADMINISTRATOR, own)
    made.role.functions = [*made.role.functions, "log.view"]
    made.role.save()
    client.force_login(account)
    for department, name in ((own, "自己部门"), (other, "别的部门")):
        target = AccountFactory(organization=account.organization, name=name)
        record(target, department_id=department.pk)

    page = client.get(LOG).content.decode()

    assert "自己部门" in page
    assert "别的部门" not in page


@pytest.mark.parametrize(
    ("preset", "status"), [(AUDITOR, 200), (FULL_ADMINISTRATOR, 200), ("helpdesk", 403)]
)
@pytest.mark.parametrize("name", ["record-list", "record-export"])
def test_the_log_needs_its_function(client, preset, status, name):
    account = AccountFactory()
    grant(account, preset)
    client.force_login(account)

    assert client.get(reverse(f"analytics:{name}")).status_code == status


def export(client, **query):
    response = client.get(reverse("analytics:record-export"), query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_export_has_what_the_filter_lets_through_and_no_formulas(client, auditor):
    evil = AccountFactory(organization=auditor.organization, name="=cmd()")
    record(evil, after={"title": "=1+1"})
    record(evil, "account.password_reset")

    rows = export(client, action="account.password_reset")

    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in export(client) for cell in row)


def test_filters_narrow_and_bad_dates_are_told(client, auditor):
    target = AccountFactory(organization=auditor.organization, name="张伟")
    record(target)

    assert "张伟" in client.get(LOG, {"object": "张"}).content.decode()
    assert "张伟" not in client.get(LOG, {"object": "李"}).content.decode()
    assert "张伟" in client.get(LOG, {"who": "sys"}).content.decode()
    assert "张伟" not in client.get(LOG, {"until": "2020-01-01"}).content.decode()
    assert "从：请填写有效的日期。" in client.get(LOG, {"since": "yesterday"}).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_is_can_be_asked_for(client, auditor, day):
    record(AccountFactory(organization=auditor.organization))

    answers = [len(export(client, **{name: day})) for name in ("since", "until")]

    assert answers == ([2, 1] if day.startswith("0001") else [1, 2])


@pytest.mark.parametrize(
    ("page", "export"),
    [
        ("record-list", "record-export"),
        ("own-act-list", "own-act-export"),
        ("sign-in-list", "sign-in-export"),
        ("trace-list", "trace-export"),
        ("volume", "volume-export"),
    ],
)
def test_with_the_rows_comes_the_export_of_just_them(client, auditor, page, export):
    filled = {"until": "2026-03-01", "after": "x"}

    part = client.get(reverse(f"analytics:{page}"), filled, headers={"HX-Request": "true"})

    address = reverse(f"analytics:{export}")
    assert f'href="{address}?until=2026-03-01"' in part.content.decode()


def test_all_operations_of_a_chapter_can_be_chosen_at_once(client, auditor):
    record(AccountFactory(organization=auditor.organization, name="张伟"))

    organization = client.get(LOG, {"action": "*organization"}).content.decode()
    permissions = client.get(LOG, {"action": "*permissions"}).content.decode()

    assert "张伟" in organization
    assert "张伟" not in permissions


def test_a_day_is_one_of_the_readers_time_zone(client, auditor):
    auditor.organization.time_zone = "America/New_York"
    auditor.organization.save()
    with time_machine.travel("2026-03-12T03:30:00Z", tick=False):
        client.force_login(auditor)
        record(AccountFactory(organization=auditor.organization, name="张伟"))

        (line,) = export(client, since="2026-03-11", until="2026-03-11")[1:]

        assert len(export(client, since="2026-03-12")) == 1
    assert line[0] == "2026-03-11 23:30:00"


def test_what_members_do_with_their_own_accounts_is_in_the_other_log(client, auditor):
    record(AccountFactory(organization=auditor.organization), "account.own_password_changed")

    assert len(export(client)) == 1


def test_a_record_opens_in_a_drawer_that_is_a_page_by_itself(client, auditor):
    made = record(AccountFactory(organization=auditor.organization), after={"title": "经理"})
    address = reverse("analytics:record-detail", args=[made.pk])

    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(address).content.decode()

    assert "<html" not in part
    assert "<html" in page
    assert "经理" in part
    assert "经理" in page


def test_the_page_of_the_chain_shows_how_far_the_log_is_sealed(client, auditor):
    record(AccountFactory(organization=auditor.organization))
    seal_records()
    record(AccountFactory(organization=auditor.organization))
    record(AccountFactory())

    page = client.get(reverse("analytics:chain"))

    assert str(head()) in page.content.decode()
    assert page.context["chain"].unsealed.count == 1
    assert not page.context["chain"].is_late


def test_a_schedule_that_does_not_seal_is_noticed(client, auditor):
    with time_machine.travel("2026-03-11T16:30:00Z"):
        record(AccountFactory(organization=auditor.organization))

    assert client.get(reverse("analytics:chain")).context["chain"].is_late


def test_a_log_that_was_tampered_with_heads_the_home_page(client, auditor):
    made = record(AccountFactory(organization=auditor.organization))
    seal_records()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE admin_platform_auditrecord SET actor_name = 'nobody'")
    check()

    home = client.get(reverse("home")).content.decode()
    pages = [client.get(address).content.decode() for address in (reverse("analytics:chain"), LOG)]

    assert f"第 {made.pk} 条记录" in home
    assert str(made.pk) in pages[0]
    assert "记录被篡改" in pages[1]


def test_the_list_takes_as_many_queries_with_ten_records_as_with_a_thousand(
    client, auditor, django_assert_max_num_queries
):
    targets = [AccountFactory(organization=auditor.organization) for _ in range(3)]

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(LOG)
        return len(captured)

    for n in range(60):
        record(targets[n % 3], after={"title": str(n)})
    few = queries()
    AuditRecord.objects.bulk_create(
        AuditRecord(
            action="account.changed",
            organization_id=auditor.organization_id,
            actor_name="x",
            target_type="accounts.account",
        )
        for _ in range(1000)
    )

    assert queries() == few
