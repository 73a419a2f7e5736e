import pytest

from accounts.errors import (
    AccountProtected,
    DepartmentMissing,
    DepartmentOutOfScope,
    SelectionChanged,
    SelectionTooLarge,
)
from accounts.models import Account, Membership
from accounts.services.departments import set_departments
from admin_platform.models import AuditRecord
from orgs.models import DepartmentCount
from tests.factories.accounts import AccountFactory


def departments_of(account: Account) -> list[str]:
    rows = Membership.objects.filter(account=account).order_by("-is_primary", "department__lft")
    return list(rows.values_list("department__name", flat=True))


def also_in(account: Account, department) -> None:
    Membership.objects.create(account=account, department=department)


def test_accounts_move_into_several_departments_the_first_being_primary(company):
    accounts = [company.account(), company.account(company.export)]

    set_departments(
        account_ids=[account.pk for account in accounts],
        departments=[company.research, company.export],
        actor=company.full,
    )

    for account in accounts:
        assert departments_of(account) == ["研发中心", "华东大区"]
        assert Membership.objects.get(account=account, is_primary=True)


def test_the_counts_of_the_departments_follow(company):
    account = company.account()
    before = DepartmentCount.objects.get(department=company.sales).members

    set_departments(account_ids=[account.pk], departments=[company.research], actor=company.full)

    assert DepartmentCount.objects.get(department=company.sales).members == before - 1
    assert DepartmentCount.objects.get(department=company.research).primaries == 1


def test_the_present_departments_stay_on_wish(company):
    account = company.account(company.export)

    set_departments(
        account_ids=[account.pk],
        departments=[company.research],
        keep_present=True,
        actor=company.full,
    )

    assert departments_of(account) == ["研发中心", "华东大区"]


def test_departments_out_of_scope_are_kept_as_they_are(company):
    account = company.account(company.sales)
    also_in(account, company.research)

    set_departments(account_ids=[account.pk], departments=[company.export], actor=company.of_sales)

    assert departments_of(account) == ["华东大区", "研发中心"]


def test_whom_another_department_administers_keeps_it_as_the_primary_one(company):
    account = company.account(company.research)
    also_in(account, company.sales)

    set_departments(account_ids=[account.pk], departments=[company.export], actor=company.of_sales)

    assert departments_of(account) == ["研发中心", "华东大区"]


def test_each_account_has_its_record_under_one_batch(company):
    accounts = [company.account(), company.account()]

    set_departments(
        account_ids=[account.pk for account in accounts],
        departments=[company.research],
        actor=company.full,
    )

    records = AuditRecord.objects.all()
    assert [record.before for record in records] == [{"departments": ["销售中心"]}] * 2
    assert [record.after for record in records] == [{"departments": ["研发中心"]}] * 2
    assert len({record.batch for record in records}) == 1


def test_an_account_that_is_there_already_leaves_no_record(company):
    account = company.account()

    set_departments(account_ids=[account.pk], departments=[company.sales], actor=company.full)

    assert not AuditRecord.objects.exists()


def test_a_department_out_of_scope_or_none_at_all_is_refused(company):
    account = company.account()

    with pytest.raises(DepartmentOutOfScope):
        set_departments(
            account_ids=[account.pk], departments=[company.research], actor=company.of_sales
        )
    with pytest.raises(DepartmentMissing):
        set_departments(account_ids=[account.pk], departments=[], actor=company.full)

    assert departments_of(account) == ["销售中心"]


def test_one_account_out_of_scope_refuses_them_all(company):
    mine, foreign = company.account(), AccountFactory()

    with pytest.raises(SelectionChanged):
        set_departments(
            account_ids=[mine.pk, foreign.pk],
            departments=[company.export],
            actor=company.full,
        )

    assert departments_of(mine) == ["销售中心"]


def test_more_accounts_than_can_be_locked_at_once_are_refused(company):
    with pytest.raises(SelectionTooLarge):
        set_departments(account_ids=range(1, 2002), departments=[company.sales], actor=company.full)


def test_a_mightier_account_is_not_moved(company):
    also_in(company.administrator, company.sales)

    with pytest.raises(AccountProtected):
        set_departments(
            account_ids=[company.administrator.pk],
            departments=[company.export],
            actor=company.of_sales,
        )


def test_a_thousand_accounts_move_in_as_many_queries_as_two(company, django_assert_max_num_queries):
    ids = [company.account(mailbox=False, password="!").pk for _ in range(30)]

    with django_assert_max_num_queries(24):
        set_departments(account_ids=ids, departments=[company.research], actor=company.full)
