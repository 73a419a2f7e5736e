"""Editing an account on its form."""

import pytest
from django.urls import reverse

from accounts.models import Account, Mailbox
from accounts.services.accounts import Person, change_account
from accounts.services.addresses import set_aliases
from accounts.services.departments import set_departments
from accounts.services.mailboxes import MailboxSettings, change_mailbox
from admin_platform.models import AuditRecord
from mailing_lists.groups import MailingLists
from mailing_lists.models import ListMember
from mailing_lists.services.lists import add_members, create_list
from tests.accounts.pages import shown
from tests.factories.accounts import alias, grant, grant_functions

pytestmark = pytest.mark.django_db


def url(account):
    return reverse("accounts:account-edit", args=[account.pk])


def edit(client, account, opened=None, **changed):
    """Open the form, unless it is open already, change some of it, and save."""
    opened = opened or client.get(url(account))
    values = shown(opened.context["form"]) | changed
    return client.post(url(account), {k: v for k, v in values.items() if v is not None})


def errors_of(response):
    return {name: " ".join(texts) for name, texts in response.context["form"].errors.items()}


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


@pytest.fixture
def member(company):
    made = company.account(company.sales, name="张伟", local_part="wei.zhang")
    alias(made, "zw@yunqi.example")
    return made


def test_saving_without_a_change_changes_and_records_nothing(administrator, member):
    response = edit(administrator, member)

    assert response["Location"] == reverse("accounts:account-detail", args=[member.pk])
    assert not AuditRecord.objects.exists()


def test_a_day_after_which_there_is_none_is_refused(administrator, member):
    day = "9999-12-31"

    refused = edit(administrator, member, expires_on=day, status="frozen", frozen_until=day)

    assert errors_of(refused) == {
        "expires_on": "日期过晚，请填写较早的日期。",
        "frozen_until": "日期过晚，请填写较早的日期。",
    }


def test_everything_on_the_form_is_saved(administrator, company, member):
    everyone = create_list(domain=company.domain, local_part="all", name="全体", actor=company.full)

    edit(
        administrator,
        member,
        name="张维",
        local_part="wei",
        keep_old_address="on",
        departments=[company.export.pk, company.research.pk],
        primary=company.research.pk,
        employee_no="YQ-9",
        mobile="13800001234",
        title="经理",
        expires_on="2099-12-31",
        status="frozen",
        frozen_until="2099-06-30",
        quota="20",
        aliases="boss",
        receive_scope="internal",
        send_scope="internal",
        protocols=["imap"],
        forwarding_allowed="on",
        forward_to="a@out.example",
        keep_copy=None,
        groups_lists=[everyone.pk],
    )

    account = Account.objects.get(pk=member.pk)
    person = (account.name, account.employee_no, account.mobile, account.title)
    assert person == ("张维", "YQ-9", "13800001234", "经理")
    assert account.address == "wei@yunqi.example"
    addresses = account.addresses.filter(kind="alias").values_list("address", flat=True)
    assert sorted(addresses) == ["boss@yunqi.example", "wei.zhang@yunqi.example"]
    primaries = dict(account.memberships.values_list("department", "is_primary"))
    assert primaries == {company.research.pk: True, company.export.pk: False}
    assert account.expires_at.isoformat() == "2099-12-31T16:00:00+00:00"
    assert account.status == "frozen"
    assert account.frozen_until.isoformat() == "2099-06-30T16:00:00+00:00"
    mailbox = account.mailbox
    assert mailbox.quota_bytes == 20 * 1024**3
    assert (mailbox.receive_scope, mailbox.send_scope) == ("internal", "internal")
    protocols = [n for n in ("web", "imap", "pop3", "smtp") if getattr(mailbox, f"{n}_enabled")]
    assert protocols == ["imap"]
    assert (mailbox.forward_to, mailbox.keep_copy) == (["a@out.example"], False)
    assert ListMember.objects.get().account == account


def test_a_refusal_of_one_part_leaves_all_as_it_was(administrator, company, member):
    company.account(local_part="taken")

    response = edit(administrator, member, name="张维", local_part="taken")

    assert response.status_code == 422
    assert "taken2" in errors_of(response)["local_part"]
    assert 'value="张维"' in response.content.decode()
    assert Account.objects.get(pk=member.pk).name == "张伟"
    assert not AuditRecord.objects.exists()


def test_a_mailbox_is_added_to_an_account_without_one(administrator, company):
    bare = company.account(mailbox=False)

    edit(administrator, bare, create_mailbox="on", quota="3", protocols=["web"])

    mailbox = Mailbox.objects.get(account=bare)
    assert mailbox.quota_bytes == 3 * 1024**3
    assert (mailbox.web_enabled, mailbox.smtp_enabled) == (True, False)


def test_an_account_without_a_mailbox_is_edited_without_getting_one(administrator, company):
    bare = company.account(mailbox=False)
    alias(bare, "bare@yunqi.example")

    edit(administrator, bare, title="经理")

    bare.refresh_from_db()
    assert bare.title == "经理"
    assert not Mailbox.objects.filter(account=bare).exists()
    assert bare.addresses.count() == 2


def test_of_two_who_edit_at_once_both_find_their_changes_saved(administrator, company, member):
    opened = administrator.get(url(member))
    change_account(account=member, person=Person(name="张伟", title="经理"), actor=company.of_sales)
    settings = MailboxSettings(quota_bytes=1024**3)
    change_mailbox(account=member, settings=settings, actor=company.of_sales)

    edit(administrator, member, opened, name="张维", aliases="zw\nboss")

    account = Account.objects.get(pk=member.pk)
    assert (account.name, account.title) == ("张维", "经理")
    assert account.mailbox.quota_bytes == 1024**3
    assert account.addresses.count() == 3


def test_what_somebody_else_changed_meanwhile_is_told_and_not_written_over(
    administrator, company, member
):
    opened = administrator.get(url(member))
    set_aliases(account=member, aliases=["other@yunqi.example"], actor=company.of_sales)

    response = edit(administrator, member, opened, aliases="zw\nboss", title="经理")

    told = errors_of(response)
    assert response.status_code == 422
    assert list(told) == ["aliases"]
    assert "other@yunqi.example" in told["aliases"]
    assert company.sales_administrator.name in told["aliases"]
    assert Account.objects.get(pk=member.pk).title == ""


def test_saving_again_after_being_told_replaces_that_and_only_that(administrator, company, member):
    opened = administrator.get(url(member))
    set_aliases(account=member, aliases=["other@yunqi.example"], actor=company.of_sales)
    change_account(
        account=member, person=Person(name="张伟", mobile="13900001111"), actor=company.of_sales
    )
    told = edit(administrator, member, opened, aliases="zw\nboss", title="经理")

    edit(administrator, member, told)

    account = Account.objects.get(pk=member.pk)
    aliases = account.addresses.filter(kind="alias").values_list("address", flat=True)
    assert sorted(aliases) == ["boss@yunqi.example", "zw@yunqi.example"]
    assert (account.title, account.mobile) == ("经理", "13900001111")


def test_conflicts_are_told_in_the_words_of_the_form(administrator, company, member):
    opened = administrator.get(url(member))
    set_departments(account_ids=[member.pk], departments=[company.research], actor=company.full)
    settings = MailboxSettings(quota_bytes=1024**3, send_scope="none", imap_enabled=False)
    change_mailbox(account=member, settings=settings, actor=company.full)

    response = edit(
        administrator,
        member,
        opened,
        departments=[company.export.pk],
        quota="2",
        send_scope="internal",
        protocols=["smtp"],
    )

    told = errors_of(response)
    for name, now in {
        "departments": "研发中心",
        "quota": "“1”",
        "send_scope": "“不允许”",
        "protocols": "POP3、SMTP",
    }.items():
        assert now in told[name], name


@pytest.mark.parametrize("seen", ["", "x", "[]", "{}"])
def test_a_form_that_cannot_say_what_it_showed_overwrites_nothing(administrator, member, seen):
    response = edit(administrator, member, name="张维", seen=seen)

    assert response.status_code == 422
    assert Account.objects.get(pk=member.pk).name == "张伟"


def test_an_account_administered_elsewhere_is_shown_but_not_changed(client, company):
    account = company.account(company.research, name="张伟")
    account.memberships.create(department=company.sales)
    client.force_login(company.sales_administrator)

    opened = client.get(url(account))
    response = edit(client, account, opened, name="张维")

    assert "由其他部门管理" in opened.content.decode()
    assert "disabled" in str(opened.context["form"]["name"])
    assert ">保存<" not in opened.content.decode()
    assert response.status_code == 422
    assert Account.objects.get(pk=account.pk).name == "张伟"


def test_an_account_with_more_rights_is_shown_but_not_changed(client, company):
    mighty = company.account(company.sales, name="张伟")
    grant(mighty, "full_administrator", company.root)
    client.force_login(company.sales_administrator)

    response = edit(client, mighty, name="张维")

    assert response.status_code == 422
    assert "拥有您没有的权限" in response.content.decode()
    assert Account.objects.get(pk=mighty.pk).name == "张伟"


def test_departments_and_status_are_offered_with_their_functions_only(client, company, member):
    account = company.account(company.root)
    grant_functions(account, "account.change")
    client.force_login(account)

    response = client.get(url(member))
    edit(client, member, response, title="经理", departments=[company.export.pk], status="disabled")

    assert {"departments", "status", "groups_lists"}.isdisjoint(response.context["form"].fields)
    changed = Account.objects.get(pk=member.pk)
    assert (changed.title, changed.status) == ("经理", "active")
    assert changed.memberships.get().department == company.sales


def test_a_department_of_others_stays_and_is_named(client, company, member):
    member.memberships.create(department=company.research)
    client.force_login(company.sales_administrator)

    opened = client.get(url(member))
    edit(client, member, opened, departments=[company.export.pk])

    assert opened.context["picker"].kept == ("研发中心",)
    primaries = dict(member.memberships.values_list("department", "is_primary"))
    assert primaries == {company.export.pk: True, company.research.pk: False}


def test_ones_own_account_cannot_be_ended(administrator, company):
    response = edit(administrator, company.administrator, status="disabled")

    assert response.status_code == 422
    assert Account.objects.get(pk=company.administrator.pk).status == "active"


def test_an_account_expired_already_is_edited_without_a_new_expiry(administrator, company):
    expired = company.account(expires_at="2020-01-01T16:00:00Z")

    edit(administrator, expired, title="经理")

    expired.refresh_from_db()
    assert expired.title == "经理"
    assert expired.expires_at.isoformat() == "2020-01-01T16:00:00+00:00"


def test_an_account_leaves_the_lists_that_are_no_longer_ticked(administrator, company, member):
    everyone = create_list(domain=company.domain, local_part="all", name="全体", actor=company.full)
    add_members(mailing_list=everyone, accounts=[member], actor=company.full)

    edit(administrator, member, groups_lists=None)

    assert MailingLists().joined(member) == []
    record = AuditRecord.objects.get(action="list.members_removed")
    assert record.before == {"members": [str(member)]}


def test_the_old_address_becomes_free_where_it_is_not_kept(administrator, company, member):
    edit(administrator, member, local_part="wei", keep_old_address=None)

    addresses = member.addresses.values_list("address", flat=True)
    assert sorted(addresses) == ["wei@yunqi.example", "zw@yunqi.example"]


def test_an_alias_becomes_the_address_and_leaves_the_aliases(administrator, company, member):
    edit(administrator, member, local_part="zw")

    account = Account.objects.get(pk=member.pk)
    assert account.address == "zw@yunqi.example"
    aliases = account.addresses.filter(kind="alias")
    assert [row.address for row in aliases] == ["wei.zhang@yunqi.example"]
