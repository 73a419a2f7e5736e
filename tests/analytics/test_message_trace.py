import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from mail_server.choices import EventKind
from mail_server.models import MessageEvent
from mail_server.services.events import Event, record_events
from tests.factories.accounts import AccountFactory, alias, grant
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db
TRACE = reverse("analytics:trace-list")
NOW = datetime(2026, 11, 25, 4, 0, 0, tzinfo=UTC)
FRIEND = "friend@far.example"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def auditor(client):
    account = AccountFactory(local_part="auditor")
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def happens(kind, recipient, queue_id="Q1", minutes=0, **values):
    at = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    record_events([Event(at=at, kind=kind, recipient=recipient, queue_id=queue_id, **values)])


def delivered(recipient, queue_id="Q1", **values):
    happens(EventKind.DELIVERED, recipient, queue_id, **values)


def found(client, **query):
    rows = client.get(TRACE, query).context["rows"]
    return [event.queue_id for event, _status in rows]


def detail(client, **condition):
    pk = MessageEvent.objects.get(**condition).pk
    return client.get(reverse("analytics:trace-detail", args=[pk]))


def test_a_message_is_shown_with_who_to_whom_and_what_became_of_it(client, auditor):
    happens(
        EventKind.REFUSED,
        FRIEND,
        login=auditor.address,
        sender=auditor.address,
        subject="报价单",
        size_bytes=2560,
        reason="550 5.1.1 No such user",
    )

    page = client.get(TRACE).content.decode()

    for text in ("报价单", auditor.address, FRIEND, "被拒绝", "550 5.1.1 No such user", "2.5 KB"):
        assert text in page


def test_of_several_attempts_the_last_is_shown(client, auditor):
    for minutes, kind in enumerate(("deferred", "deferred", "delivered")):
        happens(EventKind(kind), FRIEND, "ARRIVED", minutes, login=auditor.address)
        happens(EventKind.DEFERRED, FRIEND, "WAITING", minutes, login=auditor.address)

    rows = client.get(TRACE).context["rows"]

    told = [(event.queue_id, event.kind, event.at.minute) for event, _status in rows]
    assert told == [("WAITING", "deferred", 2), ("ARRIVED", "delivered", 2)]


def test_each_of_several_refusals_without_a_queue_id_is_shown(client, auditor):
    for minutes in range(2):
        happens(EventKind.DEFERRED, auditor.address, "", minutes, sender=FRIEND)

    assert found(client) == ["", ""]


def test_the_way_of_a_message_is_told_in_order_for_one_recipient(client, auditor):
    happens(EventKind.FILTERED, auditor.address, sender=FRIEND, reason="add header (7.2)")
    happens(EventKind.RECEIVED, auditor.address, sender=FRIEND)
    happens(EventKind.DEFERRED, auditor.address, minutes=1, sender=FRIEND, reason="Come again")
    delivered(auditor.address, minutes=2, sender=FRIEND, relay="store:24")
    delivered(f"other@{auditor.domain.name}", minutes=2, sender=FRIEND)

    response = detail(client, kind="delivered", recipient=auditor.address)

    kinds = [step.event.kind for step in response.context["steps"]]
    assert kinds == ["received", "filtered", "deferred", "delivered"]
    for text in ("已标记为垃圾邮件，垃圾评分 7.2", "Come again", "store:24"):
        assert text in response.content.decode()
    assert found(client, since="", queue_id="Q1") == ["Q1", "Q1"]
    assert "队列编号为 Q1 的邮件" in client.get(TRACE, {"queue_id": "Q1"}).content.decode()


def test_mail_of_other_organizations_is_not_shown(client, auditor):
    foreign = AccountFactory()
    delivered(foreign.address, sender=FRIEND)

    assert found(client) == []
    assert detail(client, kind="delivered").status_code == 404


@pytest.mark.parametrize("few", [0, 1000])
def test_a_department_administrator_sees_the_mail_of_the_own_members(
    client, auditor, monkeypatch, few
):
    monkeypatch.setattr("analytics.scopes.FEW", few)
    root = DepartmentFactory(organization=auditor.organization)
    own, other = (DepartmentFactory(parent=root) for _ in range(2))
    domain = {"organization": auditor.organization, "domain": auditor.domain}
    member = AccountFactory(department=own, **domain)
    neighbour = AccountFactory(department=other, **domain)
    made = grant(member, DEPARTMENT_ADMINISTRATOR, own)
    made.role.functions = ["trace.view"]
    made.role.save()
    delivered(member.address, "TO-OWN", sender=FRIEND)
    delivered(FRIEND, "FROM-OWN", login=member.address)
    delivered(neighbour.address, "NOT-OWN", sender=FRIEND)
    delivered(f"nobody@{auditor.domain.name}", "NOBODY", sender=FRIEND)
    client.force_login(member)

    assert sorted(found(client)) == ["FROM-OWN", "TO-OWN"]
    assert found(client, address=neighbour.address) == []
    assert detail(client, queue_id="NOT-OWN").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"address": "wei.zhang@{domain}"}, ["ALIAS", "IN"]),
        ({"address": "FRI"}, ["IN", "OUT", "REFUSED"]),
        ({"address": "zhang"}, ["ALIAS", "IN"]),
        ({"address": "sales@"}, ["ALIAS"]),
        ({"address": "@far.example"}, ["IN", "OUT", "REFUSED"]),
        ({"address": "a\x00"}, []),
        ({"subject": "计划"}, ["IN"]),
        ({"direction": "out"}, ["OUT"]),
        ({"direction": "inside"}, ["ALIAS", "INSIDE"]),
        ({"status": "refused"}, ["REFUSED"]),
        ({"kind": "suspicious"}, ["REFUSED"]),
        ({"kind": "plain", "direction": "in"}, ["IN"]),
        ({"queue_id": "IN"}, ["IN"]),
        ({"since": "2026-11-26"}, []),
        ({"until": "2026-11-24"}, []),
        ({"until": "nonsense"}, []),
    ],
)
def test_filters_narrow(client, auditor, query, expected):
    domain = auditor.domain.name
    member = AccountFactory(
        organization=auditor.organization, domain=auditor.domain, local_part="zhangwei"
    )
    alias(member, f"wei.zhang@{domain}")
    sent = {"login": auditor.address, "sender": auditor.address}
    delivered(member.address, "IN", sender=FRIEND, subject="计划书")
    delivered(FRIEND, "OUT", **sent)
    delivered(f"ada@{domain}", "INSIDE", **sent)
    delivered(member.address, "ALIAS", **sent, original_recipient=f"sales@{domain}")
    happens(EventKind.REFUSED, f"b@{domain}", "REFUSED", sender=FRIEND)
    happens(EventKind.FILTERED, f"b@{domain}", "REFUSED", reason="reject (99.0)")

    query = {name: value.format(domain=domain) for name, value in query.items()}

    assert sorted(found(client, **query)) == expected


def test_without_a_day_the_last_week_is_shown(client, auditor):
    delivered(FRIEND, "OLD", minutes=-7 * 24 * 60, login=auditor.address)
    delivered(FRIEND, "NEW", minutes=-6 * 24 * 60, login=auditor.address)

    assert found(client) == ["NEW"]
    assert found(client, since="2026-11-01") == ["NEW", "OLD"]


def test_all_that_is_shown_can_be_exported(client, auditor):
    delivered(FRIEND, login=auditor.address, subject="=1+1", reason="250 Ok")
    delivered("other@far.example", "Q2", login=auditor.address)

    response = client.get(reverse("analytics:trace-export"), {"address": FRIEND})

    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][2] == "'=1+1"
    assert rows[1][9:11] == ["250 Ok", "Q1"]


def test_long_lists_are_paged_with_as_many_queries(client, auditor):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(TRACE)
        return len(captured), response

    for number in range(60):
        delivered(f"r{number}@far.example", login=auditor.address, minutes=number % 7)
    few, response = queries()
    for number in range(60, 1000):
        delivered(f"r{number}@far.example", login=auditor.address)
    many, _response = queries()

    page = response.context["page"]
    assert (len(page.items), page.total.count) == (50, 60)
    rest = client.get(TRACE, {"after": page.next}).context["page"]
    assert len(rest.items) == 50
    assert not {e.pk for e in page.items} & {e.pk for e in rest.items}
    assert many == few
