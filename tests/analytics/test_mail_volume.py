import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from analytics.charts import stacked_columns
from mail_server.models import DailyVolume
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, DomainFactory

pytestmark = pytest.mark.django_db
VOLUME, EXPORT = reverse("analytics:volume"), reverse("analytics:volume-export")
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(datetime(2026, 11, 25, 4, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def auditor(client):
    account = AccountFactory(local_part="auditor")
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def colleague(account, **values):
    values = {"organization": account.organization, "domain": account.domain} | values
    return AccountFactory(**values)


def counted(account, sent=0, received=0, days_ago=0):
    """As the events keep it: for the account, and for its organization."""
    day = {"day": TODAY - timedelta(days=days_ago), "organization_id": account.organization_id}
    for whose in (account, None):
        row, _made = DailyVolume.objects.get_or_create(account=whose, **day)
        row.sent, row.received = row.sent + sent, row.received + received
        row.sent_bytes, row.received_bytes = row.sent * 100, row.received * 100
        row.save()


def shown(client, **query):
    rows = client.get(VOLUME, query).context["rows"]
    return {str(v.of): (v.sent, v.received) for _row, v in rows if v.sent or v.received}


def total(client, **query):
    found = client.get(VOLUME, query).context["total"]
    return found.sent, found.received, found.sent_bytes, found.received_bytes


def test_the_days_of_a_month_are_summed_unless_others_are_chosen(client, auditor):
    counted(auditor, sent=1, received=2)
    counted(auditor, sent=10, received=20, days_ago=29)
    counted(auditor, sent=100, received=200, days_ago=30)

    assert total(client) == (11, 22, 1100, 2200)
    assert total(client, since="2026-10-01", until="2026-11-24") == (110, 220, 11000, 22000)


def test_the_volume_is_told_by_mailbox_department_domain_and_day(client, auditor):
    department = DepartmentFactory(parent=auditor.departments.get(), name="研发")
    other = DomainFactory(organization=auditor.organization)
    ada = colleague(auditor, department=department)
    bob = colleague(auditor, department=department, domain=other)
    counted(auditor, sent=1)
    counted(ada, sent=2, received=1)
    counted(bob, sent=4, days_ago=1)

    assert shown(client) == {auditor.address: (1, 0), ada.address: (2, 1), bob.address: (4, 0)}
    assert shown(client, by="departments")["研发"] == (6, 1)
    assert shown(client, by="domains") == {auditor.domain.name: (3, 1), other.name: (4, 0)}
    assert shown(client, by="days") == {"2026-11-25": (3, 1), "2026-11-24": (4, 0)}


def test_the_15_who_sent_most_are_shown_the_first_one_first(client, auditor):
    senders = [colleague(auditor) for _ in range(17)]
    for number, sender in enumerate(senders):
        counted(sender, sent=number)

    top = shown(client, by="senders")

    assert list(top) == [sender.address for sender in senders[:1:-1]]


def test_volumes_of_other_organizations_are_not_shown(client, auditor):
    counted(AccountFactory(), sent=5)

    assert total(client)[0] == 0
    assert shown(client) == shown(client, by="senders") == {}


def test_a_department_administrator_sees_the_own_members_and_their_sum(client, auditor):
    root = DepartmentFactory(organization=auditor.organization)
    own, other = (DepartmentFactory(parent=root) for _ in range(2))
    member, neighbour = colleague(auditor, department=own), colleague(auditor, department=other)
    made = grant(member, DEPARTMENT_ADMINISTRATOR, own)
    made.role.functions = ["volume.view"]
    made.role.save()
    counted(member, sent=1)
    counted(neighbour, sent=10)
    client.force_login(member)

    assert total(client)[0] == 1
    for by in ("accounts", "senders"):
        assert shown(client, by=by) == {member.address: (1, 0)}
    assert shown(client, by="departments") == {own.name: (1, 0)}
    assert shown(client, by="domains") == {auditor.domain.name: (1, 0)}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"since": "2026-11-25", "until": "2026-11-24"}, "结束日期早于开始日期。"),
        ({"since": "2025-01-01"}, "时间范围最长一年。"),
        ({"since": "yesterday"}, "请填写有效的日期。"),
    ],
)
def test_days_that_cannot_be_are_said_to_be_so(client, auditor, query, message):
    response = client.get(VOLUME, query)

    assert response.status_code == client.get(EXPORT, query).status_code == 422
    assert message in response.content.decode()
    assert query["since"] in response.content.decode()


@pytest.mark.parametrize("by", ["accounts", "senders", "departments", "domains", "days"])
def test_what_is_shown_can_be_exported(client, auditor, by):
    counted(auditor, sent=1, received=2)

    response = client.get(EXPORT, {"by": by})

    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    numbers = [row[2:] for row in rows[1:] if row[2] != "0"]
    assert numbers == [["1", "100", "2", "200"]]


def test_an_export_of_mailboxes_has_all_of_them(client, auditor, monkeypatch):
    monkeypatch.setattr("analytics.selectors.volumes.AT_ONCE", 2)
    addresses = {auditor.address, *(colleague(auditor).address for _ in range(4))}

    rows = b"".join(client.get(EXPORT)).decode("utf-8-sig").splitlines()

    assert {row.split(",")[0] for row in rows[1:]} == addresses


@pytest.mark.parametrize("by", ["accounts", "senders", "departments"])
def test_long_lists_are_paged_with_as_many_queries(client, auditor, by):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(VOLUME, {"by": by})
        return len(captured)

    def more(count):
        for _ in range(count):
            counted(colleague(auditor, department=DepartmentFactory(parent=root)), sent=1)

    root = DepartmentFactory(organization=auditor.organization)
    more(60)
    few = queries()
    more(200)

    assert queries() == few
    assert len(client.get(VOLUME).context["rows"]) == 50


def test_columns_stand_on_each_other_below_the_highest_line():
    chart = stacked_columns(["11-24", "11-25"], [[30, 0], [10, 5]])

    assert [line.label for line in chart.lines] == ["0", "10", "20", "30", "40"]
    first, second, third = chart.bars
    assert (first.css, second.css, third.css) == ("s1", "s2", "s2")
    assert float(second.y) + float(second.height) == pytest.approx(float(first.y))
    assert (second.y, first.tip) == (chart.lines[-1].y, "11-24: 30")
