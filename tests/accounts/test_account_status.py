from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import signals
from accounts.choices import AccountStatus
from accounts.errors import (
    AccountProtected,
    LastAdministrator,
    OwnAccount,
    PrimaryDepartmentOutOfScope,
    SelectionChanged,
)
from accounts.models import Account, Membership
from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR, HELPDESK
from accounts.services.passwords import reset_password
from accounts.services.status import StatusChange, disable_thawed, set_status
from accounts.tasks import disable_thawed_accounts
from admin_platform.models import AuditRecord
from tests.accounts.signals import heard
from tests.factories.accounts import grant

DISABLE = StatusChange(AccountStatus.DISABLED)


def status_of(account: Account) -> str:
    return Account.objects.get(pk=account.pk).status


def test_many_accounts_are_disabled_at_once_under_one_batch(company):
    accounts = [company.account(), company.account()]
    ids = [account.pk for account in accounts]

    with heard(signals.status_changed, "account_ids", "status") as told:
        set_status(account_ids=ids, change=DISABLE, actor=company.of_sales)

    assert [status_of(account) for account in accounts] == ["disabled", "disabled"]
    assert told == [(ids, "disabled")]
    records = AuditRecord.objects.all()
    assert [(record.before, record.after) for record in records] == [
        ({"status": "active"}, {"status": "disabled"})
    ] * 2
    assert len({record.batch for record in records}) == 1
    assert {record.department_id for record in records} == {company.sales.pk}


def test_a_disabled_account_loses_its_session(company, client):
    account = company.account()
    client.force_login(account)

    set_status(account_ids=[account.pk], change=DISABLE, actor=company.full)

    assert client.get("/mail/").status_code == 302


def test_only_those_that_differ_are_written(company):
    disabled, active = company.account(status=AccountStatus.DISABLED), company.account()

    set_status(account_ids=[disabled.pk, active.pk], change=DISABLE, actor=company.full)

    assert [record.target_id for record in AuditRecord.objects.all()] == [str(active.pk)]


def test_an_expiry_is_set_taken_away_or_left(company):
    day = timezone.now() + timedelta(days=30)
    account = company.account(expires_at=day)
    enable = AccountStatus.ACTIVE

    set_status(account_ids=[account.pk], change=DISABLE, actor=company.full)
    set_status(account_ids=[account.pk], change=StatusChange(enable), actor=company.full)
    left = Account.objects.get(pk=account.pk).expires_at
    set_status(
        account_ids=[account.pk],
        change=StatusChange(enable, changes_expiry=True),
        actor=company.full,
    )

    assert left == day
    assert Account.objects.get(pk=account.pk).expires_at is None


def test_a_freeze_ends_by_itself_in_a_disabled_account(company):
    now = timezone.now()
    over, going_on = company.account(), company.account()
    for account, until in ((over, now - timedelta(seconds=1)), (going_on, now + timedelta(days=1))):
        set_status(
            account_ids=[account.pk],
            change=StatusChange(AccountStatus.FROZEN, frozen_until=until),
            actor=company.full,
        )

    disable_thawed_accounts()
    again = disable_thawed()

    assert (status_of(over), status_of(going_on)) == ("disabled", "frozen")
    assert again == 0
    record = AuditRecord.objects.order_by("pk").last()
    assert (record.actor_name, record.after["status"]) == ("system", "disabled")


def test_an_enabled_account_forgets_its_freeze(company):
    account = company.account(
        status=AccountStatus.FROZEN, frozen_until=timezone.now() + timedelta(days=5)
    )

    set_status(
        account_ids=[account.pk], change=StatusChange(AccountStatus.ACTIVE), actor=company.full
    )

    assert Account.objects.get(pk=account.pk).frozen_until is None


def test_nobody_disables_themselves(company):
    with pytest.raises(OwnAccount):
        set_status(
            account_ids=[company.sales_administrator.pk], change=DISABLE, actor=company.of_sales
        )


@pytest.mark.parametrize("status", [AccountStatus.DISABLED, AccountStatus.FROZEN])
def test_the_last_full_administrator_stays(company, status):
    second = company.account(company.root)
    grant(second, FULL_ADMINISTRATOR, company.root)
    change = StatusChange(status)

    set_status(account_ids=[second.pk], change=change, actor=company.full)
    with pytest.raises(LastAdministrator):
        set_status(account_ids=[company.administrator.pk], change=change, actor=company.system)


def test_a_full_administrator_of_one_department_does_not_count_as_one_who_stays(company):
    partial = company.account()
    grant(partial, FULL_ADMINISTRATOR, company.sales)

    with pytest.raises(LastAdministrator):
        set_status(account_ids=[company.administrator.pk], change=DISABLE, actor=company.system)


def test_an_account_seen_through_a_further_department_is_administered_by_its_primary_one(company):
    account = company.account(company.research)
    Membership.objects.create(account=account, department=company.sales)

    with pytest.raises(PrimaryDepartmentOutOfScope):
        set_status(account_ids=[account.pk], change=DISABLE, actor=company.of_sales)
    with pytest.raises(PrimaryDepartmentOutOfScope):
        reset_password(account=account, actor=company.of_sales)

    assert status_of(account) == "active"


def test_an_account_out_of_sight_is_not_there(company):
    account = company.account(company.research)

    with pytest.raises(SelectionChanged):
        set_status(account_ids=[account.pk], change=DISABLE, actor=company.of_sales)


def test_rights_beyond_the_own_ones_protect_an_account(company):
    mightier = company.account(company.sales)
    grant(mightier, FULL_ADMINISTRATOR, company.root)
    elsewhere = company.account(company.sales)
    grant(elsewhere, DEPARTMENT_ADMINISTRATOR, company.research)
    staff = company.account(company.sales, is_staff=True)

    for account in (mightier, elsewhere, staff):
        with pytest.raises(AccountProtected):
            set_status(account_ids=[account.pk], change=DISABLE, actor=company.of_sales)
        with pytest.raises(AccountProtected):
            reset_password(account=account, actor=company.of_sales)


def test_rights_that_one_holds_too_protect_nobody(company):
    peer = company.account(company.sales)
    grant(peer, DEPARTMENT_ADMINISTRATOR, company.export)
    grant(peer, HELPDESK, company.sales)

    set_status(account_ids=[peer.pk], change=DISABLE, actor=company.of_sales)

    assert status_of(peer) == "disabled"
