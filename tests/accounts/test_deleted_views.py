import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Deletion
from accounts.services.deletion import delete_accounts
from admin_platform import job_runner
from admin_platform.models import Job

pytestmark = pytest.mark.django_db

DELETE = "/console/accounts/delete/"
DELETED = "/console/accounts/deleted/"
RESTORE = f"{DELETED}restore/"
PURGE = f"{DELETED}purge/"
PART = {"HX-Request": "true"}


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


@pytest.fixture
def of_sales(client, company):
    client.force_login(company.sales_administrator)
    return client


def deleted(company, *accounts: Account) -> tuple[Account, ...]:
    delete_accounts(account_ids=[account.pk for account in accounts], actor=company.full)
    return accounts


def is_deleted(account: Account) -> bool:
    return Deletion.objects.filter(account=account).exists()


def test_the_dialog_asks_what_becomes_of_the_mail(administrator, company):
    account = company.account(name="张伟")

    part = administrator.get(DELETE, {"id": account.pk}, headers=PART).content.decode()
    refused = administrator.post(DELETE, {"ids": account.pk}, headers=PART)

    assert "备份邮箱后删除" in part
    assert refused.status_code == 422
    assert "请选择如何处理邮件。" in refused.content.decode()
    assert not is_deleted(account)


def test_without_a_mailbox_nothing_is_asked(administrator, company):
    account = company.account(mailbox=False)

    page = administrator.get(DELETE, {"id": account.pk}).content.decode()
    administrator.post(DELETE, {"ids": account.pk})

    assert "备份邮箱后删除" not in page
    assert is_deleted(account)


@pytest.mark.parametrize("count", [0, 2])
def test_just_one_member_takes_the_mail(administrator, company, count):
    account = company.account()
    heirs = [company.account(name=f"接收人{n}") for n in range(count)]

    response = administrator.post(
        DELETE, {"ids": account.pk, "mail": "keep", "heir": [heir.pk for heir in heirs]}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "请选择一个接收邮件的成员。" in page
    assert all(heir.name in page for heir in heirs)
    assert not is_deleted(account)


def test_the_member_to_take_the_mail_is_searched_for_within_the_own_departments(of_sales, company):
    company.account(name="王芳")
    company.account(company.research, name="王研")

    page = of_sales.get(
        "/console/pickers/accounts/?to=accounts:account-delete&field=heir&heir-find=王"
    )

    assert "王芳" in page.content.decode()
    assert "王研" not in page.content.decode()


def test_a_refusal_of_the_service_is_told_in_the_dialog(administrator, company):
    response = administrator.post(DELETE, {"ids": company.administrator.pk, "mail": "delete"})

    assert response.status_code == 422
    assert "不能禁用或删除自己的帐号" in response.content.decode()


def test_deleted_accounts_are_listed_for_who_administers_their_department(of_sales, company):
    deleted(company, company.account(name="王芳"), company.account(company.research, name="李娜"))

    page = of_sales.get(DELETED).content.decode()

    assert "王芳" in page
    assert "李娜" not in page


def test_deleted_accounts_are_found_by_name(administrator, company):
    deleted(company, company.account(name="王芳"), company.account(name="李娜"))

    page = administrator.get(DELETED, {"q": "李娜"}, headers=PART).content.decode()

    assert "李娜" in page
    assert "王芳" not in page


def test_the_list_takes_as_many_queries_with_ten_as_with_a_hundred(administrator, company):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            administrator.get(DELETED)
        return len(captured)

    deleted(company, *[company.account() for _ in range(10)])
    with_ten = queries()
    deleted(company, *[company.account() for _ in range(90)])

    assert queries() <= with_ten + 1  # the total is asked where there is a second page


def test_several_are_restored_at_once(administrator, company):
    accounts = deleted(company, company.account(), company.account())

    response = administrator.post(RESTORE, {"id": [a.pk for a in accounts]}, follow=True)

    assert "已恢复 2 个帐号" in response.content.decode()
    assert not any(is_deleted(account) for account in accounts)


def test_one_out_of_scope_restores_nothing(of_sales, company):
    mine, other = deleted(company, company.account(), company.account(company.research))

    for address in (RESTORE, PURGE):
        response = of_sales.post(address, {"id": [mine.pk, other.pk]})
        assert response.status_code == 404

    assert is_deleted(mine)
    assert not Job.objects.exists()


def test_removal_for_good_asks_first_and_then_happens(administrator, company):
    (account,) = deleted(company, company.account(name="王芳"))

    asked = administrator.get(PURGE, {"id": account.pk}).content.decode()
    administrator.post(PURGE, {"id": account.pk})
    job_runner.run(Job.objects.get().pk)

    assert "王芳" in asked
    assert not Account.objects.filter(pk=account.pk).exists()


def test_nothing_ticked_is_told(administrator, company):
    for address in (RESTORE, PURGE):
        page = administrator.post(address, follow=True).content.decode()
        assert "请先勾选帐号。" in page
