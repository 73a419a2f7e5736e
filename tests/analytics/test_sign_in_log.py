import csv
import io
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from security.choices import Protocol, SignInResult
from security.clients import client_name
from security.models import SignInRecord
from security.selectors.sign_ins import sign_ins_of
from security.services.sign_in import sign_in
from tests.factories.accounts import PASSWORD, AccountFactory, alias, grant
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db
LOG = reverse("analytics:sign-in-list")
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


@pytest.fixture
def auditor(client):
    account = AccountFactory(local_part="auditor")
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def attempt(address, password=PASSWORD, *, protocol=Protocol.WEB, ip="198.51.100.7", client=CHROME):
    return sign_in(address=address, password=password, protocol=protocol, ip=ip, client=client)


def found(client, **query):
    rows = client.get(LOG, query).context["rows"]
    return [(record.address, record.result) for record, _client, _status in rows]


def test_attempts_are_shown_with_how_from_where_and_why_not(client, auditor):
    attempt(auditor.address)
    attempt(auditor.address, "wrong", protocol=Protocol.IMAP, client="")

    page = client.get(LOG).content.decode()

    assert found(client) == [
        (auditor.address, "wrong_password"),
        (auditor.address, "success"),
    ]
    for text in ("198.51.100.7", "Chrome 126 · Windows", "IMAP", "密码错误", "登录成功"):
        assert text in page


def test_an_account_is_found_by_its_beginning_and_by_what_else_it_is_called(client, auditor):
    member = AccountFactory(
        organization=auditor.organization, domain=auditor.domain, local_part="zhangwei"
    )
    alias(member, f"wei.zhang@{auditor.domain.name}")
    attempt(f"wei.zhang@{auditor.domain.name}")
    attempt(auditor.address)

    by_beginning = found(client, who="Zhang")
    by_whole = found(client, who=member.address)
    by_alias = found(client, who="wei.")

    assert by_beginning == by_whole == by_alias == [(f"wei.zhang@{auditor.domain.name}", "success")]


def test_attempts_at_addresses_of_the_own_domains_that_do_not_exist_are_shown(client, auditor):
    foreign = AccountFactory()
    attempt(f"nobody@{auditor.domain.name}")
    attempt(f"nobody@{foreign.domain.name}")
    attempt("nobody")

    assert found(client) == [(f"nobody@{auditor.domain.name}", "unknown")]


def test_a_department_administrator_sees_the_own_accounts_only(client, auditor):
    root = DepartmentFactory(organization=auditor.organization)
    own, other = (DepartmentFactory(parent=root) for _ in range(2))
    account = AccountFactory(
        organization=auditor.organization, domain=auditor.domain, department=own, local_part="mine"
    )
    outside = AccountFactory(
        organization=auditor.organization, domain=auditor.domain, department=other
    )
    made = grant(account, DEPARTMENT_ADMINISTRATOR, own)
    made.role.functions = [*made.role.functions, "signin_log.view"]
    made.role.save()
    for address in (account.address, outside.address, f"nobody@{auditor.domain.name}"):
        attempt(address)
    client.force_login(account)

    assert found(client) == [(account.address, "success")]
    assert found(client, who=outside.address) == []
    assert found(client, who="nobody") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "web"}, ["web"]),
        ({"kind": "console"}, ["console"]),
        ({"kind": "clients"}, ["imap", "smtp"]),
        ({"kind": "locks"}, ["locking"]),
        ({"result": "success"}, ["web", "imap", "console"]),
        ({"result": "refused"}, ["locking", "smtp"]),
        ({"result": "wrong_password"}, ["smtp"]),
        ({"ip": "203.0.113.9"}, ["console"]),
        ({"ip": "203.0.113.0/24"}, ["console"]),
        ({"ip": "2001:db8::/32"}, ["imap"]),
        ({"since": "2026-03-12"}, ["locking", "web"]),
        ({"until": "2026-03-11"}, ["imap", "smtp", "console"]),
    ],
)
def test_filters_narrow(client, auditor, query, expected):
    for day, protocol, ip, result in (
        (10, "console", "203.0.113.9", "success"),
        (10, "smtp", "198.51.100.7", "wrong_password"),
        (10, "imap", "2001:db8::7", "success"),
        (12, "web", "198.51.100.7", "success"),
        (13, "pop3", "198.51.100.7", "locking"),
    ):
        SignInRecord.objects.create(
            at=timezone.datetime(2026, 3, day, 12, tzinfo=timezone.get_current_timezone()),
            account=auditor,
            organization_id=auditor.organization_id,
            address=auditor.address,
            protocol=protocol,
            ip=ip,
            result=result,
        )

    rows = client.get(LOG, query).context["rows"]

    told = [r.result if r.result == "locking" else r.protocol for r, _client, _status in rows]
    if query.get("kind") == "clients":
        told = [name for name in told if name != "locking"]
    assert told == expected


def test_what_is_no_network_is_said_to_be_none(client, auditor):
    attempt(auditor.address)

    response = client.get(LOG, {"ip": "10.0.0.0/99"})

    assert found(client, ip="10.0.0.0/99") == []
    assert "IP 地址或网段" in response.content.decode()


def test_the_export_has_what_the_filter_lets_through_and_no_formulas(client, auditor):
    attempt(auditor.address, client='=HYPERLINK("evil")')
    attempt(auditor.address, "wrong")

    response = client.get(reverse("analytics:sign-in-export"), {"result": "success"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    (_head, line) = csv.reader(io.StringIO(text))
    assert line[1:] == [
        auditor.address,
        auditor.name,
        "网页邮箱",
        "198.51.100.7",
        '\'=HYPERLINK("evil")',
        "登录成功",
    ]


MANY = """
INSERT INTO security_signinrecord
    (at, account_id, organization_id, address, protocol, ip, client, result)
SELECT now() - n * interval '1 minute', CASE WHEN n %% 500 = 0 THEN %(account)s::bigint END,
    CASE WHEN n %% 20 = 0 THEN %(organization)s ELSE -1 END,
    CASE WHEN n %% 500 = 0 THEN %(address)s ELSE 'm' || n %% 977 || '@x' END,
    'web', '10.0.0.0'::inet + n %% 60000, '', CASE WHEN n %% 3000 = 0 THEN 'locked'
    ELSE 'success' END
FROM generate_series(1, 60000) AS n
"""


def fill(account):
    values = {
        "account": account.pk,
        "organization": account.organization_id,
        "address": account.address,
    }
    with connection.cursor() as cursor:
        cursor.execute(MANY, values)
        cursor.execute("ANALYZE security_signinrecord")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"who": "auditor@"},
        {"kind": "locks"},
        {"ip": "10.0.12.7"},
        {"ip": "10.0.12.0/26"},
        {"since": "2020-01-01", "until": "2020-01-02"},
    ],
    ids=str,
)
def test_many_records_are_found_by_an_index(client, auditor, query):
    fill(auditor)

    with CaptureQueriesContext(connection) as captured:
        client.get(LOG, query)

    asked = [q["sql"] for q in captured if 'FROM "security_signinrecord"' in q["sql"]]
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on security_signinrecord" not in plan, f"{sql}\n{plan}"


def test_a_list_of_many_takes_as_many_queries_as_one_of_few(client, auditor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(LOG)
        return len(captured)

    for _ in range(60):
        SignInRecord.objects.create(
            account=auditor,
            organization_id=auditor.organization_id,
            address=auditor.address,
            protocol="web",
            result="success",
        )
    few = queries()
    fill(auditor)

    assert queries() == few


def test_an_export_of_many_never_holds_them_all_in_memory(client, auditor):
    values = {"account": auditor.pk, "organization": auditor.organization_id, "address": "a@b"}
    with connection.cursor() as cursor:
        cursor.execute(MANY.replace("n %% 20 = 0", "true"), values)
    response = client.get(reverse("analytics:sign-in-export"))
    tracemalloc.start()

    size = sum(len(piece) for piece in response.streaming_content)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 3_000_000
    assert peak < 12_000_000


def test_an_account_has_its_own_sign_ins_newest_first(auditor):
    attempt(auditor.address)
    attempt(auditor.address, "wrong")
    attempt(AccountFactory().address)

    assert [record.result for record in sign_ins_of(auditor)] == [
        SignInResult.WRONG_PASSWORD,
        SignInResult.SUCCESS,
    ]


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (CHROME, "Chrome 126 · Windows"),
        (f"{CHROME} Edg/126.0.0.0", "Edge 126 · Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox 127 · Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17 · iPhone",
        ),
        ("thunderbird.local", "thunderbird.local"),
        ("x" * 80, "x" * 39 + "…"),
        ("", ""),
    ],
)
def test_a_client_is_called_what_people_call_it(client, name):
    assert client_name(client) == name
