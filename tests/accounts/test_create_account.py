import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import signals
from accounts.checks import GIB
from accounts.choices import AddressKind, SendScope
from accounts.errors import (
    AddressTaken,
    AliasDomainNotUsable,
    AliasTaken,
    DepartmentMissing,
    DepartmentOutOfScope,
    DomainNotUsable,
    EmployeeNumberTaken,
    ForwardingRefused,
    PasswordRefused,
    SeatsExhausted,
    StorageExhausted,
    TooManyAliases,
)
from accounts.models import Account, Address, Mailbox, MailboxTotal, Membership
from accounts.services.accounts import Person, create_account
from accounts.services.mailboxes import MailboxSettings
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from tests.accounts.signals import heard
from tests.factories.accounts import AccountFactory, alias
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory

TEN_GIB = 10 * GIB


def create(company, **changes):
    return create_account(
        **{
            "departments": [company.sales],
            "domain": company.domain,
            "local_part": "wei.zhang",
            "person": Person(name="张伟"),
            "actor": company.full,
        }
        | changes
    )


def test_a_new_account_has_address_departments_and_password(company):
    created = create(company, departments=[company.research, company.sales])

    account = Account.objects.get(address="wei.zhang@yunqi.example")
    assert created.account == account
    assert account.pinyin == "zhangwei zw"
    assert account.check_password(created.password)
    assert account.must_change_password
    assert Address.objects.get(account=account).kind == AddressKind.PRIMARY
    memberships = Membership.objects.filter(account=account)
    assert dict(memberships.values_list("department", "is_primary")) == {
        company.research.pk: True,
        company.sales.pk: False,
    }
    assert not account.has_mailbox


def test_a_mailbox_takes_its_settings_and_is_announced(company):
    settings = MailboxSettings(
        quota_bytes=TEN_GIB,
        send_scope=SendScope.INTERNAL,
        pop3_enabled=False,
        forwarding_allowed=True,
        forward_to=("a@out.example", "a@out.example"),
        keep_copy=False,
    )

    with heard(signals.mailboxes_created, "mailbox_ids", "actor") as told:
        created = create(company, mailbox=settings, aliases=["zw@yunqi.example"])

    mailbox = Mailbox.objects.get(account=created.account)
    assert told == [([mailbox.pk], company.full)]
    assert mailbox.quota_bytes == TEN_GIB
    assert mailbox.send_scope == "internal"
    assert not mailbox.pop3_enabled
    assert mailbox.forward_to == ["a@out.example"]
    assert not mailbox.keep_copy
    assert mailbox.store_path
    assert Address.objects.get(address="zw@yunqi.example").account == created.account


def test_nobody_is_told_of_an_account_without_a_mailbox(company):
    with heard(signals.mailboxes_created) as told:
        create(company)

    assert told == []


def test_mail_without_an_address_to_forward_to_stays_in_the_mailbox(company):
    settings = MailboxSettings(quota_bytes=GIB, forwarding_allowed=True, keep_copy=False)

    created = create(company, mailbox=settings)

    assert created.account.mailbox.keep_copy


def test_a_given_password_obeys_the_rules_and_need_not_be_changed(company):
    with pytest.raises(PasswordRefused) as refused:
        create(company, password="12345")

    created = create(company, password="Stille-Wasser-7", must_change_password=False)

    assert len(refused.value.reasons) == 3
    assert created.password == ""
    assert created.account.check_password("Stille-Wasser-7")
    assert not created.account.must_change_password


def test_a_password_like_the_name_is_refused(company):
    with pytest.raises(PasswordRefused):
        create(company, password="zhangwei1")


def test_the_record_says_what_was_created_and_never_the_password(company):
    settings = MailboxSettings(quota_bytes=GIB)

    created = create(
        company,
        person=Person(name="张伟", employee_no="YQ-7"),
        mailbox=settings,
        aliases=["zw@yunqi.example"],
    )

    record = AuditRecord.objects.get(action="account.created")
    assert record.target_id == str(created.account.pk)
    assert record.actor_name == "林文博"
    assert record.department_id == company.sales.pk
    assert record.after["address"] == "wei.zhang@yunqi.example"
    assert record.after["employee_no"] == "YQ-7"
    assert record.after["departments"] == ["销售中心"]
    assert record.after["aliases"] == ["zw@yunqi.example"]
    assert record.after["quota_bytes"] == GIB
    assert created.password not in str(record.after)


def test_an_account_beyond_the_seats_is_refused(company):
    company.organization.seats = 2
    company.organization.save()

    with pytest.raises(SeatsExhausted):
        create(company)

    assert company.organization.accounts.count() == 2
    assert not AuditRecord.objects.exists()


def test_a_quota_beyond_the_storage_is_refused_and_a_fitting_one_is_not(company):
    given = MailboxTotal.objects.get(organization=company.organization).quota_bytes
    company.organization.storage_bytes = given + 5 * GIB
    company.organization.save()

    with pytest.raises(StorageExhausted) as refused:
        create(company, mailbox=MailboxSettings(quota_bytes=5 * GIB + 1))

    create(company, mailbox=MailboxSettings(quota_bytes=5 * GIB))
    assert "5.00 GB" in str(refused.value)


def test_a_mailbox_without_quota_needs_an_organization_without_limit(company):
    with pytest.raises(StorageExhausted):
        create(company, mailbox=MailboxSettings(quota_bytes=0))

    company.organization.storage_bytes = 0
    company.organization.save()
    create(company, mailbox=MailboxSettings(quota_bytes=0))


@pytest.mark.parametrize("kind", ["primary", "alias", "list"])
def test_an_address_that_is_anything_already_is_refused(company, kind):
    if kind == "primary":
        company.account(local_part="wei.zhang", name="张巍")
    elif kind == "alias":
        alias(company.account(name="张巍"), "wei.zhang@yunqi.example")
    else:
        Address.objects.create(
            address="wei.zhang@yunqi.example",
            local_part="wei.zhang",
            domain=company.domain,
            kind=AddressKind.LIST,
        )

    with pytest.raises(AddressTaken) as refused:
        create(company)

    assert "wei.zhang2" in str(refused.value)
    assert ("张巍 (销售中心)" in str(refused.value)) == (kind != "list")
    assert not Account.objects.filter(name="张伟").exists()


def test_the_holder_of_an_address_out_of_scope_is_not_told(company):
    company.account(company.research, local_part="wei.zhang", name="秘密")

    with pytest.raises(AddressTaken) as refused:
        create(company, actor=company.of_sales)

    assert "秘密" not in str(refused.value)


def test_a_domain_of_others_or_an_alias_of_a_domain_is_refused(company):
    foreign = DomainFactory()
    second_name = DomainFactory(organization=company.organization, alias_of=company.domain)

    with pytest.raises(DepartmentOutOfScope):
        create(company, domain=foreign)
    with pytest.raises(DomainNotUsable):
        create(company, domain=second_name)


def test_departments_are_needed_and_lie_within_the_scope(company):
    with pytest.raises(DepartmentMissing):
        create(company, departments=[])
    with pytest.raises(DepartmentOutOfScope):
        create(company, departments=[company.research], actor=company.of_sales)
    with pytest.raises(DepartmentOutOfScope):
        create(company, departments=[company.sales, DepartmentFactory()])

    assert create(company, departments=[company.export], actor=company.of_sales)


def test_an_employee_number_is_given_once_in_an_organization(company):
    company.account(employee_no="YQ-1")
    AccountFactory(organization=OrganizationFactory(), employee_no="YQ-2")

    with pytest.raises(EmployeeNumberTaken):
        create(company, person=Person(name="张伟", employee_no="YQ-1"))

    assert create(company, person=Person(name="张伟", employee_no="YQ-2"))


def test_aliases_are_free_few_and_in_an_own_domain(company):
    alias(company.account(), "taken@yunqi.example")
    many = [f"a{number}@yunqi.example" for number in range(21)]

    with pytest.raises(AliasTaken):
        create(company, aliases=["taken@yunqi.example"])
    with pytest.raises(AliasDomainNotUsable):
        create(company, aliases=["a@gmail.com"])
    with pytest.raises(TooManyAliases):
        create(company, aliases=many)

    assert not Account.objects.filter(name="张伟").exists()


def test_forwarding_to_itself_is_refused_by_whatever_name(company):
    DomainFactory(
        organization=company.organization, name="mail.yunqi.example", alias_of=company.domain
    )

    for own in ("wei.zhang@yunqi.example", "zw@yunqi.example", "zw@mail.yunqi.example"):
        settings = MailboxSettings(quota_bytes=GIB, forwarding_allowed=True, forward_to=(own,))
        with pytest.raises(ForwardingRefused):
            create(company, mailbox=settings, aliases=["zw@yunqi.example"])


def test_a_value_that_no_check_has_seen_is_refused_all_the_same(company):
    with pytest.raises(ValidationError):
        create(company, local_part="Wei Zhang")


@pytest.mark.django_db(transaction=True)
def test_two_creations_at_once_never_share_the_last_seat():
    organization = OrganizationFactory(seats=1)
    department = DepartmentFactory(organization=organization)
    domain = DomainFactory(organization=organization)
    barrier, outcomes = threading.Barrier(2), []

    def work(local_part: str) -> None:
        barrier.wait()
        try:
            create_account(
                departments=[department],
                domain=domain,
                local_part=local_part,
                person=Person(name=local_part),
                actor=Operator.system(organization_id=organization.pk),
            )
            outcomes.append("created")
        except SeatsExhausted:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["created", "refused"]
    assert organization.accounts.count() == 1
