import csv
import io

import pytest
from django.urls import reverse

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform import audit
from tests.factories.accounts import PASSWORD, AccountFactory, grant, system_operator
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db
LOG = reverse("analytics:own-act-list")


def act(account):
    return audit.record("account.own_password_changed", actor=operator_of(account), target=account)


@pytest.fixture
def auditor(client):
    account = AccountFactory()
    grant(account, AUDITOR)
    client.force_login(account)
    return account


def names(client, **query):
    return [record.actor_name for record, _ in client.get(LOG, query).context["rows"]]


def test_a_member_who_changes_the_own_password_is_in_the_log(client, auditor):
    member = AccountFactory(organization=auditor.organization, name="张伟")
    client.force_login(member)
    client.post(
        reverse("password-change"),
        {"old_password": PASSWORD, "new_password": "Grün-Wald-77x", "repeated": "Grün-Wald-77x"},
    )

    client.force_login(auditor)
    page = client.get(LOG)

    assert [record.target_id for record, _ in page.context["rows"]] == [str(member.pk)]
    assert "张伟" in page.content.decode()
    assert "修改了自己的密码" in page.content.decode()


def test_what_administrators_do_to_others_is_not_in_it(client, auditor):
    target = AccountFactory(organization=auditor.organization)
    audit.record("account.changed", actor=system_operator(), target=target)

    assert names(client) == []


def test_a_department_administrator_sees_the_members_of_the_own_departments_only(client):
    account = AccountFactory()
    root = DepartmentFactory(organization=account.organization)
    own, other = (DepartmentFactory(parent=root) for _ in range(2))
    made = grant(account, DEPARTMENT_ADMINISTRATOR, own)
    made.role.functions = [*made.role.functions, "user_log.view"]
    made.role.save()
    client.force_login(account)
    inside, outside = (
        act(AccountFactory(organization=account.organization, department=place, name=name))
        for place, name in ((own, "自己部门"), (other, "别的部门"))
    )

    page = client.get(LOG).content.decode()
    details = [
        client.get(reverse("analytics:own-act-detail", args=[record.pk])).status_code
        for record in (inside, outside)
    ]

    assert "自己部门" in page
    assert "别的部门" not in page
    assert details == [200, 404]


def test_filters_by_account_action_and_day(client, auditor):
    for name in ("张伟", "李娜"):
        act(AccountFactory(organization=auditor.organization, name=name))

    assert names(client, who="张") == [n for n in names(client) if n.startswith("张伟")]
    assert len(names(client, action="account.own_password_changed")) == 2
    assert names(client, until="2020-01-01") == []


def test_the_export_has_what_the_filter_lets_through(client, auditor):
    act(AccountFactory(organization=auditor.organization, name="=cmd()"))
    act(AccountFactory(organization=auditor.organization, name="李娜"))

    response = client.get(reverse("analytics:own-act-export"), {"who": "cmd"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["时间", "帐号", "IP 地址", "操作", "备注"]
    assert len(rows) == 2
    assert rows[1][1].startswith("'=cmd()")
