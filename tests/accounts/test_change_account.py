from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import signals
from accounts.checks import GIB
from accounts.choices import AddressKind, ReceiveScope
from accounts.errors import (
    AddressTaken,
    AliasTaken,
    DomainNotUsable,
    EmployeeNumberTaken,
    ForwardingRefused,
    LastAdministrator,
    MailboxExists,
    MailboxMissing,
    OwnAccount,
    OwnPassword,
    PasswordRefused,
    StorageExhausted,
    TooManyAliases,
)
from accounts.models import Account, Address, MailboxTotal
from accounts.selectors.addresses import alias_addresses
from accounts.services.accounts import Person, change_account
from accounts.services.addresses import change_address, set_aliases
from accounts.services.mailboxes import MailboxSettings, change_mailbox, create_mailbox
from accounts.services.passwords import reset_password
from admin_platform.models import AuditRecord
from tests.accounts.signals import heard
from tests.factories.accounts import PASSWORD, alias
from tests.factories.orgs import DomainFactory

TEN_GIB = MailboxSettings(quota_bytes=10 * GIB)


def the_record() -> AuditRecord:
    return AuditRecord.objects.get()


def test_a_change_of_the_person_is_recorded_with_before_and_after(company):
    account = company.account(name="张伟", title="销售")

    change_account(
        account=account, person=Person(name="张薇", title="销售"), actor=company.of_sales
    )

    account.refresh_from_db()
    assert (account.name, account.pinyin) == ("张薇", "zhangwei zw")
    assert the_record().before == {"name": "张伟"}
    assert the_record().after == {"name": "张薇"}
    assert the_record().department_id == company.sales.pk


def test_what_does_not_change_is_not_recorded(company):
    account = company.account(name="张伟")

    change_account(account=account, person=Person(name="张伟"), actor=company.full)

    assert not AuditRecord.objects.exists()


def test_an_employee_number_of_somebody_else_is_refused(company):
    company.account(employee_no="YQ-1")

    with pytest.raises(EmployeeNumberTaken):
        change_account(
            account=company.account(),
            person=Person(name="A", employee_no="YQ-1"),
            actor=company.full,
        )


def test_an_expiry_may_lock_out_neither_oneself_nor_the_last_administrator(company):
    soon = timezone.now() + timedelta(days=1)
    person = Person(name="林文博", expires_at=soon)

    with pytest.raises(OwnAccount):
        change_account(account=company.administrator, person=person, actor=company.full)
    with pytest.raises(LastAdministrator):
        change_account(account=company.administrator, person=person, actor=company.system)


def test_the_expiry_of_the_last_administrator_can_be_put_off(company):
    soon = timezone.now() + timedelta(days=1)
    Account.objects.filter(pk=company.administrator.pk).update(expires_at=soon)
    later = Person(name="林文博", expires_at=soon + timedelta(days=9))

    change_account(account=company.administrator, person=later, actor=company.system)

    company.administrator.refresh_from_db()
    assert company.administrator.expires_at == later.expires_at


@pytest.mark.parametrize("keep", [True, False])
def test_another_address_leaves_the_old_one_as_an_alias_on_wish(company, keep):
    account = company.account(local_part="wei.zhang")

    with heard(signals.address_changed, "old_address", "kept_as_alias") as told:
        change_address(
            account=account,
            local_part="vivian.zhang",
            domain=company.domain,
            keep_alias=keep,
            actor=company.full,
        )

    account.refresh_from_db()
    assert account.address == "vivian.zhang@yunqi.example"
    primary = Address.objects.get(account=account, kind=AddressKind.PRIMARY)
    assert primary.address == account.address
    assert alias_addresses(account) == (["wei.zhang@yunqi.example"] if keep else [])
    assert told == [("wei.zhang@yunqi.example", keep)]
    assert the_record().before == {"address": "wei.zhang@yunqi.example"}


def test_an_own_alias_can_become_the_address(company):
    account = company.account(local_part="wei.zhang")
    alias(account, "zw@yunqi.example")

    change_address(
        account=account,
        local_part="zw",
        domain=company.domain,
        keep_alias=True,
        actor=company.full,
    )

    account.refresh_from_db()
    assert account.address == "zw@yunqi.example"
    assert alias_addresses(account) == ["wei.zhang@yunqi.example"]


def test_the_address_of_somebody_else_is_refused_and_nothing_changes(company):
    account = company.account(local_part="wei.zhang")
    alias(company.account(), "taken@yunqi.example")

    with pytest.raises(AddressTaken):
        change_address(
            account=account,
            local_part="taken",
            domain=company.domain,
            keep_alias=True,
            actor=company.full,
        )

    assert Address.objects.get(account=account).address == "wei.zhang@yunqi.example"
    assert not AuditRecord.objects.exists()


def test_an_address_in_a_domain_of_others_is_refused(company):
    with pytest.raises(DomainNotUsable):
        change_address(
            account=company.account(),
            local_part="a",
            domain=DomainFactory(),
            keep_alias=False,
            actor=company.full,
        )


def test_aliases_are_added_and_removed(company):
    account = company.account()
    alias(account, "old@yunqi.example")
    alias(account, "stays@yunqi.example")

    with heard(signals.aliases_changed, "added", "removed") as told:
        set_aliases(
            account=account,
            aliases=["stays@yunqi.example", "new@yunqi.example"],
            actor=company.full,
        )

    assert alias_addresses(account) == ["new@yunqi.example", "stays@yunqi.example"]
    assert told == [(["new@yunqi.example"], ["old@yunqi.example"])]
    assert the_record().before == {"aliases": ["old@yunqi.example", "stays@yunqi.example"]}


def test_an_alias_of_somebody_else_and_too_many_are_refused(company):
    account = company.account()
    alias(company.account(), "taken@yunqi.example")
    many = [f"a{number}@yunqi.example" for number in range(21)]

    with pytest.raises(AliasTaken):
        set_aliases(account=account, aliases=["taken@yunqi.example"], actor=company.full)
    with pytest.raises(TooManyAliases):
        set_aliases(account=account, aliases=many, actor=company.full)

    assert alias_addresses(account) == []


def test_a_mailbox_can_be_made_later_and_is_announced(company):
    account = company.account(mailbox=False)

    with heard(signals.mailboxes_created, "mailbox_ids") as told:
        mailbox = create_mailbox(account=account, settings=TEN_GIB, actor=company.full)

    assert told == [([mailbox.pk],)]
    assert the_record().after["mailbox"] is True


def test_a_second_mailbox_and_a_change_of_none_are_refused(company):
    with pytest.raises(MailboxExists):
        create_mailbox(account=company.account(), settings=TEN_GIB, actor=company.full)
    with pytest.raises(MailboxMissing):
        change_mailbox(account=company.account(mailbox=False), settings=TEN_GIB, actor=company.full)


def test_a_change_of_the_mailbox_is_recorded_and_its_access_told(company):
    account = company.account()
    settings = MailboxSettings(
        quota_bytes=10 * GIB, receive_scope=ReceiveScope.INTERNAL, imap_enabled=False
    )

    with heard(signals.access_changed, "before", "after") as told:
        change_mailbox(account=account, settings=settings, actor=company.full)

    account.mailbox.refresh_from_db()
    assert account.mailbox.receive_scope == "internal"
    assert told == [({"imap_enabled": True}, {"imap_enabled": False})]
    assert the_record().after == {"receive_scope": "internal", "imap_enabled": False}


def test_a_quota_grows_only_within_the_storage_but_may_always_shrink(company):
    account = company.account(mailbox__quota_bytes=10 * GIB)
    given = MailboxTotal.objects.get(organization=company.organization).quota_bytes
    company.organization.storage_bytes = given - GIB
    company.organization.save()

    with pytest.raises(StorageExhausted):
        change_mailbox(
            account=account, settings=MailboxSettings(quota_bytes=11 * GIB), actor=company.full
        )
    change_mailbox(
        account=account, settings=MailboxSettings(quota_bytes=4 * GIB), actor=company.full
    )

    total = MailboxTotal.objects.get(organization=company.organization)
    assert total.quota_bytes == given - 6 * GIB


def test_the_total_of_quotas_follows_deleted_mailboxes(company):
    account = company.account(mailbox__quota_bytes=3 * GIB)
    before = MailboxTotal.objects.get(organization=company.organization)

    account.mailbox.delete()

    after = MailboxTotal.objects.get(organization=company.organization)
    assert before.quota_bytes - after.quota_bytes == 3 * GIB
    assert before.mailboxes - after.mailboxes == 1


def test_forwarding_to_an_own_alias_is_refused(company):
    account = company.account()
    alias(account, "me@yunqi.example")
    settings = MailboxSettings(quota_bytes=10 * GIB, forward_to=("me@yunqi.example",))

    with pytest.raises(ForwardingRefused):
        change_mailbox(account=account, settings=settings, actor=company.full)


def test_a_reset_password_is_made_up_and_ends_the_sessions(company, client):
    account = company.account()
    client.force_login(account)

    password = reset_password(account=account, actor=company.of_sales)

    account.refresh_from_db()
    assert account.check_password(password)
    assert account.must_change_password
    assert client.get("/mail/").status_code == 302
    assert the_record().action == "account.password_reset"
    assert password not in str(the_record().after)


def test_a_typed_password_obeys_the_rules(company):
    account = company.account()

    with pytest.raises(PasswordRefused):
        reset_password(account=account, password="12345678", actor=company.full)

    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_ones_own_password_is_not_reset_but_changed(company):
    with pytest.raises(OwnPassword):
        reset_password(account=company.administrator, actor=company.full)
