import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import signals
from accounts.errors import AccountProtected, SelectionChanged, StorageExhausted
from accounts.models import Account, Mailbox
from accounts.presets import FULL_ADMINISTRATOR
from accounts.services.bulk_edit import edit_accounts
from admin_platform.models import AuditRecord
from tests.accounts.signals import heard
from tests.factories.accounts import grant

GIB = 1024**3
EDIT = "/console/accounts/change/"


def edit(*accounts: Account, actor, **values) -> int:
    ids = [account.pk for account in accounts]
    return edit_accounts(account_ids=ids, values=values, actor=actor)


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


def test_only_those_that_differ_are_written_with_one_record_each(company):
    same, other = company.account(title="工程师"), company.account(title="助理")

    with heard(signals.access_changed, "before", "after") as told:
        count = edit(same, other, title="工程师", imap_enabled=False, actor=company.full)
        again = edit(same, other, title="工程师", imap_enabled=False, actor=company.full)

    assert (count, again) == (2, 0)
    assert told == [({"imap_enabled": True}, {"imap_enabled": False})] * 2
    records = AuditRecord.objects.filter(action="account.changed").order_by("target_id")
    assert sorted(sorted(record.after) for record in records) == [
        ["imap_enabled"],
        ["imap_enabled", "title"],
    ]
    assert len({record.batch for record in records}) == 1


def test_accounts_without_a_mailbox_change_what_they_have(company):
    account = company.account(mailbox=False)

    edit(account, title="顾问", quota_bytes=GIB, actor=company.full)

    assert Account.objects.get(pk=account.pk).title == "顾问"
    assert not Mailbox.objects.filter(account=account).exists()


def test_quotas_fit_into_the_storage_of_the_organization_together(company):
    accounts = [company.account(mailbox__quota_bytes=GIB) for _ in range(3)]
    given = sum(Mailbox.objects.values_list("quota_bytes", flat=True))
    company.organization.storage_bytes = given + 4 * GIB
    company.organization.save()

    with pytest.raises(StorageExhausted):
        edit(*accounts, quota_bytes=3 * GIB, actor=company.full)
    with pytest.raises(StorageExhausted):
        edit(*accounts, quota_bytes=0, actor=company.full)
    edit(*accounts, quota_bytes=2 * GIB, actor=company.full)

    quotas = Mailbox.objects.filter(account__in=accounts).values_list("quota_bytes", flat=True)
    assert set(quotas) == {2 * GIB}


def test_one_out_of_scope_or_mightier_changes_nothing(company):
    mine, elsewhere = company.account(title="旧"), company.account(company.research)
    mightier = company.account()
    grant(mightier, FULL_ADMINISTRATOR, company.root)

    for other, refusal in ((elsewhere, SelectionChanged), (mightier, AccountProtected)):
        with pytest.raises(refusal):
            edit(mine, other, title="新", actor=company.of_sales)

    assert Account.objects.get(pk=mine.pk).title == "旧"


def test_it_takes_as_many_queries_for_ten_as_for_a_hundred(company):
    def queries(count: int) -> int:
        accounts = [company.account(password="!") for _ in range(count)]
        with CaptureQueriesContext(connection) as captured:
            edit(*accounts, title="工程师", send_scope="internal", actor=company.full)
        return len(captured)

    assert queries(10) == queries(100)


def test_what_is_left_empty_on_the_page_stays(administrator, company):
    account = company.account(title="工程师", mailbox__quota_bytes=5 * GIB)

    administrator.post(EDIT, {"ids": account.pk, "title": "", "quota": "", "pop3_enabled": "off"})

    account = Account.objects.select_related("mailbox").get(pk=account.pk)
    assert (account.title, account.mailbox.quota_bytes) == ("工程师", 5 * GIB)
    assert (account.mailbox.pop3_enabled, account.mailbox.imap_enabled) == (False, True)


def test_an_empty_or_wrong_form_is_refused_and_keeps_what_was_typed(administrator, company):
    account = company.account()

    empty = administrator.post(EDIT, {"ids": account.pk, "title": ""})
    wrong = administrator.post(EDIT, {"ids": account.pk, "title": "工程师", "quota": "-1"})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "请至少选择一项要修改的内容。" in empty.content.decode()
    assert 'value="工程师"' in wrong.content.decode()
    assert Account.objects.get(pk=account.pk).title == ""
