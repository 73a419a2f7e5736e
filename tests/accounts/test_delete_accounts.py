from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import (
    AccountProtected,
    HeirRefused,
    LastAdministrator,
    OwnAccount,
    PrimaryDepartmentOutOfScope,
    SeatsExhausted,
    SelectionChanged,
    StillInherits,
)
from accounts.models import Account, Address, Deletion, Mailbox, Membership
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.accounts import AccountQuery, account_page
from accounts.services.deletion import delete_accounts, restore_accounts
from accounts.services.purge import purge_accounts, purge_expired
from accounts.tasks import purge_deleted_accounts
from accounts.ties import ties_of
from admin_platform import job_runner
from admin_platform.models import AuditRecord
from apps_center.errors import IsMainBackup
from apps_center.models import BackupRule
from mailing_lists.services.lists import add_members, create_list
from orgs.selectors.departments import counts
from orgs.selectors.organizations import seats_used
from tests.factories.accounts import alias, grant


def delete(*accounts: Account, actor, **options) -> None:
    delete_accounts(account_ids=[account.pk for account in accounts], actor=actor, **options)


def restore(*accounts: Account, actor) -> None:
    restore_accounts(account_ids=[account.pk for account in accounts], actor=actor)


def departments_of(account: Account) -> list[str]:
    rows = Membership.objects.filter(account=account).order_by("-is_primary", "pk")
    return [membership.department.name for membership in rows]


def listed(company) -> list[str]:
    page = account_page(AccountQuery(company.root), cursors={})
    return sorted(account.name for account in page.items)


def days_pass(account: Account, days: int) -> None:
    Deletion.objects.filter(account=account).update(
        deleted_at=timezone.now() - timedelta(days=days)
    )


def test_a_deleted_account_is_in_no_list_and_takes_no_seat(company):
    account = company.account(name="离职者")
    before = seats_used(company.organization)

    delete(account, actor=company.of_sales)

    assert "离职者" not in listed(company)
    assert seats_used(company.organization) == before - 1
    assert counts([company.root.pk])[company.root.pk].total == before - 1
    record = AuditRecord.objects.get(action="account.deleted")
    assert (record.target_id, record.department_id) == (str(account.pk), company.sales.pk)


def test_a_deleted_account_loses_its_session(company, client):
    account = company.account()
    client.force_login(account)

    delete(account, actor=company.full)

    assert client.get("/mail/").status_code == 302


def test_a_restored_account_is_in_its_departments_again_the_primary_one_first(company):
    account = company.account()
    Membership.objects.create(account=account, department=company.export)

    delete(account, actor=company.full)
    between = departments_of(account)
    restore(account, actor=company.full)

    assert between == []
    assert departments_of(account) == ["销售中心", "华东大区"]
    assert Account.objects.get(pk=account.pk).deleted_at is None
    assert not Deletion.objects.exists()


def test_what_lost_its_departments_is_restored_at_the_top_by_who_administers_all(company):
    account = company.account(company.export)
    delete(account, actor=company.of_sales)
    company.export.delete()

    with pytest.raises(SelectionChanged):
        restore(account, actor=company.of_sales)
    restore(account, actor=company.full)

    assert departments_of(account) == ["云栖科技"]


def test_without_a_free_seat_nothing_is_restored(company):
    account = company.account()
    delete(account, actor=company.full)
    company.organization.seats = seats_used(company.organization)
    company.organization.save()

    with pytest.raises(SeatsExhausted):
        restore(account, actor=company.full)

    assert departments_of(account) == []


def test_accounts_of_other_departments_are_neither_deleted_nor_restored(company):
    elsewhere = company.account(company.research)
    guest = company.account(company.research)
    Membership.objects.create(account=guest, department=company.sales)

    with pytest.raises(SelectionChanged):
        delete(elsewhere, actor=company.of_sales)
    with pytest.raises(PrimaryDepartmentOutOfScope):
        delete(guest, actor=company.of_sales)
    delete(elsewhere, actor=company.full)
    with pytest.raises(SelectionChanged):
        restore(elsewhere, actor=company.of_sales)


def test_nobody_deletes_themselves_nor_the_mightier_nor_the_last_administrator(company):
    mightier = company.account()
    grant(mightier, FULL_ADMINISTRATOR, company.root)

    with pytest.raises(OwnAccount):
        delete(company.sales_administrator, actor=company.of_sales)
    with pytest.raises(AccountProtected):
        delete(mightier, actor=company.of_sales)
    with pytest.raises(LastAdministrator):
        delete(mightier, company.administrator, actor=company.system)


def test_a_restored_administrator_must_not_be_mightier_than_who_restores(company):
    mightier = company.account()
    grant(mightier, FULL_ADMINISTRATOR, company.root)
    delete(mightier, actor=company.full)

    with pytest.raises(AccountProtected):
        restore(mightier, actor=company.of_sales)


def test_a_main_backup_mailbox_is_not_deleted(company):
    main, backed_up = company.account(name="备份员"), company.account()
    BackupRule.objects.create(main=main, backed_up=backed_up)

    with pytest.raises(IsMainBackup, match="备份员"):
        delete(main, actor=company.full)

    assert Account.objects.get(pk=main.pk).deleted_at is None
    delete(backed_up, actor=company.full)


def test_forwarding_to_a_deleted_account_ends_and_the_mail_is_kept(company):
    gone = company.account()
    alias(gone, "alias@yunqi.example")
    only = company.account(
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=["alias@yunqi.example"],
        mailbox__keep_copy=False,
    )
    further = company.account(
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=[gone.address, "home@elsewhere.example"],
        mailbox__keep_copy=False,
    )

    delete(gone, actor=company.full)

    left = Mailbox.objects.values_list("forward_to", "keep_copy")
    assert left.get(account=only) == ([], True)
    assert left.get(account=further) == (["home@elsewhere.example"], False)
    assert AuditRecord.objects.filter(action="account.changed").count() == 2


def test_what_hangs_on_an_account_is_told_without_names_out_of_scope(company):
    account = company.account()
    everybody = create_list(
        domain=company.domain, local_part="all-sales", name="全体销售", actor=company.full
    )
    add_members(mailing_list=everybody, accounts=[account], actor=company.full)
    for department, name in ((company.sales, "王芳"), (company.research, "李娜")):
        company.account(
            department,
            name=name,
            mailbox__forwarding_allowed=True,
            mailbox__forward_to=[account.address],
        )

    told = {tie.label: tie for tie in ties_of([account.pk], company.of_sales)}

    assert told["所属邮件列表"].names == ("全体销售",)
    assert told["转发到此帐号（将终止）"].names == ("王芳",)
    assert told["转发到此帐号（将终止）"].total == 2


def test_who_takes_the_mail_is_in_scope_has_room_and_is_not_deleted_too(company):
    account = company.account(mailbox__usage_bytes=2000)
    small = company.account(mailbox__quota_bytes=1000)
    without = company.account(mailbox=False)
    elsewhere = company.account(company.research)
    heir = company.account(mailbox__quota_bytes=2000)

    for refused in (account, small, without):
        with pytest.raises(HeirRefused):
            delete(account, heir=refused, actor=company.of_sales)
    with pytest.raises(SelectionChanged):
        delete(account, heir=elsewhere, actor=company.of_sales)
    delete(account, heir=heir, actor=company.of_sales)

    assert Deletion.objects.get(account=account).heir == heir


def test_the_addresses_stay_reserved_for_seven_days(company):
    account = company.account(local_part="reserved")
    delete(account, actor=company.full)
    days_pass(account, 6)

    purge_deleted_accounts()

    assert Address.objects.filter(address="reserved@yunqi.example").exists()


def test_after_seven_days_the_account_is_gone_with_all_its_rows(company):
    account, staying = company.account(), company.account()
    alias(account, "old@yunqi.example")
    grant(account, FULL_ADMINISTRATOR, company.root)
    delete(account, staying, actor=company.full)
    days_pass(account, 8)

    count = purge_expired()

    assert count == 1
    assert list(Deletion.objects.values_list("account", flat=True)) == [staying.pk]
    assert not Account.objects.filter(pk=account.pk).exists()
    assert not Address.objects.filter(address="old@yunqi.example").exists()
    record = AuditRecord.objects.get(action="account.purged")
    assert (record.target_id, record.actor_name) == (str(account.pk), "system")


def test_deleted_accounts_are_removed_at_once_on_wish(company):
    accounts = [company.account(), company.account()]
    delete(*accounts, actor=company.full)

    job = purge_accounts(account_ids=[a.pk for a in accounts], actor=company.full)
    job_runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("succeeded", 2, 2)
    assert not Account.objects.filter(pk__in=[a.pk for a in accounts]).exists()


def test_what_was_restored_meanwhile_is_not_removed(company):
    account = company.account()
    delete(account, actor=company.full)
    job = purge_accounts(account_ids=[account.pk], actor=company.full)

    restore(account, actor=company.full)
    job_runner.run(job.pk)

    assert Account.objects.filter(pk=account.pk, deleted_at=None).exists()


def test_who_still_waits_for_mail_of_others_is_not_removed(company):
    account, heir = company.account(), company.account()
    delete(account, heir=heir, actor=company.full)
    delete(heir, actor=company.full)

    with pytest.raises(StillInherits):
        purge_accounts(account_ids=[heir.pk], actor=company.full)
    days_pass(heir, 8)

    assert purge_expired() == 0
