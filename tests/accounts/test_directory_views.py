import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.selectors.directory import is_on, members_shown_to
from tests.factories.accounts import alias

pytestmark = pytest.mark.django_db

PAGE = "/console/directory/"
PART = {"HX-Request": "true"}


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


def is_shown(company, account: Account) -> bool:
    return members_shown_to(company.administrator).filter(pk=account.pk).exists()


def test_ticked_members_are_hidden_and_the_list_says_so(administrator, company):
    accounts = [company.account(name="张伟"), company.account(name="李娜")]

    answer = administrator.post(
        f"{PAGE}show/?q=张伟", {"id": [a.pk for a in accounts], "show": "0"}, headers=PART
    )

    assert not any(is_shown(company, account) for account in accounts)
    page = answer.content.decode()
    assert "不可见" in page
    assert "李娜" not in page  # the list stays narrowed


def test_the_eye_of_a_row_hides_and_shows(administrator, company):
    account = company.account()

    administrator.post(f"{PAGE}members/{account.pk}/visibility/")
    hidden = is_shown(company, account)
    administrator.post(f"{PAGE}members/{account.pk}/visibility/")

    assert not hidden
    assert is_shown(company, account)


def test_another_address_is_chosen_and_a_strange_one_is_not_found(administrator, company):
    account = company.account(name="张伟")
    own = alias(account, "zhang@yunqi.example")
    strange = alias(company.account(), "li@yunqi.example")
    address = f"{PAGE}members/{account.pk}/"

    administrator.post(address, {f"address-{account.pk}": own.pk})
    refused = administrator.post(address, {f"address-{account.pk}": strange.pk})

    shown = members_shown_to(company.administrator).get(pk=account.pk)
    assert shown.shown_address == "zhang@yunqi.example"
    assert refused.status_code == 404


def test_the_whole_directory_is_switched(administrator, company):
    administrator.post(f"{PAGE}switch/")
    page = administrator.get(PAGE).content.decode()
    was_on = is_on(company.organization.pk)
    administrator.post(f"{PAGE}switch/", {"is_on": "on"})

    assert not was_on
    assert "整个通讯录不可见" in page
    assert is_on(company.organization.pk)


def test_a_department_is_closed_and_opened(administrator, company):
    address = f"{PAGE}departments/{company.sales.pk}/"

    administrator.post(address, {"closed": "1"})
    page = administrator.get(PAGE, {"department": company.sales.pk}).content.decode()
    administrator.post(address, {"closed": "0"})
    after = administrator.get(PAGE, {"department": company.sales.pk}).content.decode()

    assert "仅彼此可见。" in page
    assert "对所有成员可见。" in after


def test_who_only_sees_the_settings_changes_nothing(client, company):
    account = company.account()
    client.force_login(company.sales_administrator)

    answers = [
        client.post(f"{PAGE}show/", {"id": account.pk, "show": "0"}),
        client.post(f"{PAGE}switch/"),
        client.post(f"{PAGE}departments/{company.sales.pk}/", {"closed": "1"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert is_shown(company, account)


def test_the_list_takes_as_many_queries_with_ten_as_with_many(administrator, company):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            administrator.get(PAGE)
        return len(captured)

    for n in range(10):
        alias(company.account(), f"a{n}@yunqi.example")
    administrator.get(PAGE)
    with_ten = queries()
    for n in range(90):
        alias(company.account(), f"b{n}@yunqi.example")

    assert queries() <= with_ten + 1  # the total is asked where there is a second page
