from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account, Membership
from admin_platform.models import AuditRecord
from tests.factories.accounts import grant_functions
from tests.factories.orgs import DepartmentFactory

pytestmark = pytest.mark.django_db

MOVE = "/console/accounts/move/"
STATUS = "/console/accounts/status/"
PART = {"HX-Request": "true"}


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


@pytest.fixture
def of_sales(client, company):
    client.force_login(company.sales_administrator)
    return client


def ids_of(*accounts: Account) -> str:
    return ",".join(str(account.pk) for account in accounts)


def departments_of(account: Account) -> list[str]:
    rows = Membership.objects.filter(account=account).order_by("-is_primary", "department__name")
    return [membership.department.name for membership in rows]


def status_of(account: Account) -> str:
    return Account.objects.get(pk=account.pk).status


def test_the_dialog_is_a_part_for_htmx_and_a_page_without_scripts(administrator, company):
    account = company.account(name="张伟")

    part = administrator.get(MOVE, {"id": account.pk}, headers=PART).content.decode()
    page = administrator.get(MOVE, {"id": account.pk}).content.decode()

    assert "调整 1 个帐号的部门" in part
    assert "<html" not in part
    assert "<html" in page
    assert "张伟" in page


def test_chosen_accounts_move_into_several_departments(administrator, company):
    accounts = [company.account(), company.account(company.export)]

    response = administrator.post(
        MOVE,
        {
            "ids": ids_of(*accounts),
            "departments": [company.root.pk, company.research.pk],
            "primary": company.research.pk,
            "back": "q=x",
        },
    )

    assert response["Location"] == "/console/accounts/?q=x"
    for account in accounts:
        assert departments_of(account) == ["研发中心", "云栖科技"]
    assert AuditRecord.objects.filter(action="account.moved").count() == 2


def test_the_present_departments_are_kept_on_wish(administrator, company):
    account = company.account()
    data = {"ids": ids_of(account), "departments": company.research.pk}

    administrator.post(MOVE, data | {"keep_present": "on"})
    kept = departments_of(account)
    administrator.post(MOVE, data)

    assert kept == ["研发中心", "销售中心"]
    assert departments_of(account) == ["研发中心"]


def test_htmx_closes_the_dialog_and_has_the_list_renewed(administrator, company):
    account = company.account()

    response = administrator.post(
        MOVE, {"ids": ids_of(account), "departments": company.research.pk}, headers=PART
    )

    assert response.status_code == 204
    assert '"accounts-changed"' in response["HX-Trigger"]
    assert '"dialog:close"' in response["HX-Trigger"]


def test_without_a_department_nothing_moves_and_the_dialog_says_why(administrator, company):
    account = company.account()

    response = administrator.post(
        MOVE, {"ids": ids_of(account), "keep_present": "on"}, headers=PART
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "请至少选择一个部门。" in page
    assert f'value="{account.pk}"' in page
    assert " checked" in page[page.index('name="keep_present"') :][:80]
    assert departments_of(account) == ["销售中心"]


def test_without_scripts_departments_are_found_by_a_button_and_nothing_moves_yet(
    administrator, company
):
    account = company.account()

    response = administrator.post(
        MOVE,
        {
            "ids": ids_of(account),
            "departments": [company.sales.pk, company.export.pk],
            "primary": company.export.pk,
            "department_q": "研发",
            "find": "1",
        },
    )

    page = response.content.decode()
    boxes = page[page.index('id="departments"') :]
    assert response.status_code == 200
    assert "销售中心 / 华东大区</span>" in boxes
    assert "研发中心</span>" in boxes
    assert "云栖科技</span>" not in boxes
    assert departments_of(account) == ["销售中心"]


def test_all_accounts_of_the_list_are_moved_as_the_dialog_has_shown_them(administrator, company):
    listed = [company.account(name=f"张{number}") for number in range(3)]
    other = company.account(name="李娜")

    page = administrator.get(MOVE, {"all": "1", "back": "q=张&below=1"}).content.decode()

    assert "调整 3 个帐号的部门" in page
    assert f'name="ids" value="{ids_of(*listed)}"' in page
    assert other.name not in page


def test_with_nothing_ticked_one_goes_back_to_the_list(administrator, company):
    response = administrator.get(MOVE, {"back": "q=x"})

    assert response["Location"] == "/console/accounts/?q=x"


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "\r\nX: y"])
def test_a_made_up_way_back_stays_in_the_list(administrator, company, back):
    account = company.account()

    response = administrator.post(
        STATUS, {"ids": ids_of(account), "status": "frozen", "back": back}
    )

    assert response["Location"].startswith("/console/accounts/?")


@pytest.mark.parametrize("path", [MOVE, STATUS])
@pytest.mark.parametrize("headers", [{}, PART])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_account_is_not_there(of_sales, company, path, headers, method):
    own, foreign = company.account(), company.account(company.research)
    data = {"ids": ids_of(own, foreign), "status": "disabled", "departments": company.sales.pk}

    response = getattr(of_sales, method)(path, data, headers=headers)

    assert response.status_code == 404
    assert status_of(own) == status_of(foreign) == "active"
    assert departments_of(foreign) == ["研发中心"]


@pytest.mark.parametrize("ids", ["x", "1,x", "9" * 30, "-1"])
def test_made_up_ids_are_not_there(administrator, company, ids):
    assert administrator.get(MOVE, {"ids": ids}).status_code == 404


def test_a_department_administrator_moves_only_into_their_departments(of_sales, company):
    account = company.account()

    dialog = of_sales.get(MOVE, {"id": account.pk}).content.decode()
    response = of_sales.post(MOVE, {"ids": ids_of(account), "departments": company.research.pk})

    assert f'value="{company.sales.pk}"' in dialog
    assert f'value="{company.research.pk}"' not in dialog
    assert response.status_code == 422
    assert departments_of(account) == ["销售中心"]


def test_all_accounts_of_the_list_are_only_those_that_one_may_change(client, company):
    helper = company.account(company.research, name="张大")
    grant_functions(helper, "account.view")
    grant_functions(helper, "account.status").departments.set([company.export])
    below = company.account(company.export, name="张小")
    company.account(company.sales, name="张中")
    client.force_login(helper)

    back = f"q=张&department={company.sales.pk}"
    page = client.get(STATUS, {"all": "1", "back": back}).content.decode()

    assert f'name="ids" value="{below.pk}"' in page


def test_accounts_are_frozen_until_the_end_of_a_day(administrator, company):
    account = company.account()
    last_day = timezone.localdate() + timedelta(days=7)

    response = administrator.post(
        STATUS,
        {"ids": ids_of(account), "status": "frozen", "frozen_until": last_day.isoformat()},
        headers=PART,
    )

    account.refresh_from_db()
    assert response.status_code == 204
    assert account.status == AccountStatus.FROZEN
    assert timezone.localdate(account.frozen_until) == last_day + timedelta(days=1)
    assert f"{timezone.localtime(account.frozen_until):%H:%M}" == "00:00"


def test_an_expiry_is_set_taken_away_or_left_as_it_is(administrator, company):
    account = company.account()

    def expiry_after(**data):
        administrator.post(STATUS, {"ids": ids_of(account), "status": "active"} | data)
        account.refresh_from_db()
        return account.expires_at and timezone.localdate(account.expires_at)

    assert expiry_after(expiry="day", expires_on="2039-12-31") == date(2040, 1, 1)
    assert expiry_after(expiry="keep") == date(2040, 1, 1)
    assert expiry_after() == date(2040, 1, 1)
    assert expiry_after(expiry="never") is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "请选择状态。"),
        ({"status": "deleted"}, "deleted"),
        ({"status": "frozen", "frozen_until": "2020-01-01"}, "该日期已过"),
        ({"status": "frozen", "frozen_until": "soon"}, "请填写有效的日期"),
        ({"status": "active", "expiry": "day"}, "请填写最后一天。"),
        ({"status": "active", "expiry": "day", "expires_on": "9999-12-31"}, "日期过晚"),
    ],
)
def test_wrong_entries_are_told_and_change_nothing(administrator, company, data, text):
    account = company.account()

    response = administrator.post(STATUS, {"ids": ids_of(account), "back": "q=x"} | data)

    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert f'name="ids" value="{account.pk}"' in page
    assert 'name="back" value="q=x"' in page
    assert status_of(account) == "active"


def test_what_a_service_refuses_is_said_in_the_dialog_and_what_was_typed_stays(
    administrator, company
):
    account = company.account()

    response = administrator.post(
        STATUS,
        {
            "ids": ids_of(account, company.administrator),
            "status": "disabled",
            "expiry": "day",
            "expires_on": "2039-12-31",
        },
        headers=PART,
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "不能禁用或删除自己的帐号" in page
    assert 'value="2039-12-31"' in page
    assert status_of(account) == "active"


def test_the_common_status_is_chosen_already(administrator, company):
    frozen = [company.account(status=AccountStatus.FROZEN) for _ in range(2)]
    active = company.account()

    same = administrator.get(STATUS, {"id": [a.pk for a in frozen]}).content.decode()
    mixed = administrator.get(STATUS, {"id": [frozen[0].pk, active.pk]}).content.decode()

    assert same.count(" checked") == mixed.count(" checked") + 1
    assert " checked" in same[same.index('value="frozen"') :][:60]


def test_more_accounts_than_can_be_changed_at_once_are_refused(administrator, company, monkeypatch):
    monkeypatch.setattr("accounts.views.selection.MAX_SELECTED", 2)
    monkeypatch.setattr("accounts.services.bulk.MAX_SELECTED", 2)
    department = DepartmentFactory(parent=company.research)
    accounts = [company.account(department) for _ in range(4)]
    back = f"department={department.pk}"

    dialog = administrator.get(STATUS, {"all": "1", "back": back}).content.decode()
    response = administrator.post(STATUS, {"ids": ids_of(*accounts[:3]), "status": "frozen"})

    assert "修改 3 个帐号的状态" in dialog
    assert response.status_code == 422
    assert "每次最多选择 2 个帐号" in response.content.decode()


def test_the_session_of_a_disabled_account_ends_at_once(administrator, company):
    account = company.account()
    member = Client()
    member.force_login(account)
    before = member.get("/mail/").status_code

    administrator.post(STATUS, {"ids": ids_of(account), "status": "disabled"})

    assert before == 200
    assert member.get("/mail/").status_code == 302
