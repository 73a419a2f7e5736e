import pytest

from accounts.choices import AccountStatus
from accounts.errors import (
    AddressNotOwn,
    DirectoryOfAll,
    PrimaryDepartmentOutOfScope,
    SelectionChanged,
)
from accounts.models import Account, DirectoryEntry, Membership
from accounts.selectors.directory import found_by, members_shown_to
from accounts.selectors.operators import operator_of
from accounts.services.deletion import delete_accounts
from accounts.services.directory import (
    choose_address,
    close_department,
    show_members,
    switch_directory,
)
from admin_platform.models import AuditRecord
from tests.factories.accounts import AccountFactory, alias, grant_functions


@pytest.fixture
def reader(company) -> Account:
    return company.account(company.research, name="读者")


@pytest.fixture
def of_sales(company):
    """Who manages the directory of sales alone."""
    manager = company.account(company.sales)
    grant_functions(manager, "directory.manage").departments.set([company.sales])
    return operator_of(manager)


def seen_by(member: Account) -> set[str]:
    return set(members_shown_to(member).values_list("name", flat=True))


def test_members_find_one_another_but_nobody_of_another_organization(company, reader):
    company.account(name="张伟")
    AccountFactory(name="外人")

    assert {"张伟", "读者"} <= seen_by(reader)
    assert "外人" not in seen_by(reader)


def test_who_cannot_receive_mail_is_not_shown(company, reader):
    company.account(name="无邮箱", mailbox=False)
    company.account(name="禁用", status=AccountStatus.DISABLED)
    gone = company.account(name="删除")
    delete_accounts(account_ids=[gone.pk], actor=company.full)

    assert not {"无邮箱", "禁用", "删除"} & seen_by(reader)


def test_a_hidden_member_is_not_found_until_shown_again(company, reader, of_sales):
    hidden = company.account(name="张伟")

    show_members(account_ids=[hidden.pk], is_visible=False, actor=of_sales)
    while_hidden = seen_by(reader)
    show_members(account_ids=[hidden.pk], is_visible=True, actor=of_sales)

    assert "张伟" not in while_hidden
    assert "张伟" in seen_by(reader)
    records = AuditRecord.objects.filter(action="directory.member_shown").order_by("pk")
    assert [record.after for record in records] == [{"is_visible": False}, {"is_visible": True}]


def test_the_chosen_address_is_shown_and_the_primary_one_once_it_is_gone(company, reader):
    account = company.account(name="张伟")
    chosen = alias(account, "zhang@yunqi.example")

    choose_address(account=account, address=chosen, actor=company.full)
    shown = found_by(reader, "张伟").get().shown_address
    chosen.delete()

    assert shown == "zhang@yunqi.example"
    assert found_by(reader, "张伟").get().shown_address == account.address


def test_an_address_of_somebody_else_is_refused(company):
    account, other = company.account(), company.account()

    with pytest.raises(AddressNotOwn):
        choose_address(account=account, address=alias(other, "x@yunqi.example"), actor=company.full)


def test_choosing_an_address_leaves_a_hidden_member_hidden(company, reader):
    account = company.account(name="张伟")
    show_members(account_ids=[account.pk], is_visible=False, actor=company.full)

    choose_address(account=account, address=alias(account, "z@yunqi.example"), actor=company.full)

    assert "张伟" not in seen_by(reader)


def test_while_the_directory_is_off_nobody_is_found(company, reader):
    switch_directory(organization=company.organization, is_on=False, actor=company.full)
    while_off = seen_by(reader)
    switch_directory(organization=company.organization, is_on=True, actor=company.full)

    assert while_off == set()
    assert "读者" in seen_by(reader)


def test_only_who_administers_all_switches_the_directory(company, of_sales):
    with pytest.raises(DirectoryOfAll):
        switch_directory(organization=company.organization, is_on=False, actor=of_sales)


def test_members_of_a_closed_department_see_one_another_and_all_others(company, reader, of_sales):
    inside = company.account(company.export, name="内部")
    also_inside = company.account(company.sales, name="同部门")
    in_both = company.account(company.export, name="兼职")
    Membership.objects.create(account=in_both, department=company.research)

    close_department(department=company.sales, is_closed=True, actor=of_sales)

    assert {"内部", "同部门"} & seen_by(reader) == set()
    assert "兼职" in seen_by(reader)
    assert {"内部", "同部门", "兼职", "读者"} <= seen_by(inside)
    assert {"内部", "读者"} <= seen_by(also_inside)
    close_department(department=company.sales, is_closed=False, actor=of_sales)
    assert "内部" in seen_by(reader)


def test_other_departments_are_neither_closed_nor_their_members_hidden(company, of_sales):
    elsewhere = company.account(company.research)
    guest = company.account(company.research)
    Membership.objects.create(account=guest, department=company.sales)

    with pytest.raises(SelectionChanged):
        close_department(department=company.research, is_closed=True, actor=of_sales)
    with pytest.raises(SelectionChanged):
        show_members(account_ids=[elsewhere.pk], is_visible=False, actor=of_sales)
    with pytest.raises(PrimaryDepartmentOutOfScope):
        show_members(account_ids=[guest.pk], is_visible=False, actor=of_sales)
    assert not DirectoryEntry.objects.exists()
