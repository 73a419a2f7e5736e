import pytest

from accounts.services.mailboxes import MailboxSettings, change_mailbox
from admin_platform.audit_values import differences
from admin_platform.models import AuditRecord
from tests.factories.accounts import AccountFactory, system_operator

pytestmark = pytest.mark.django_db


def test_values_of_a_mailbox_are_told_in_its_words_though_the_record_is_of_the_account():
    account = AccountFactory(mailbox__quota_bytes=5 * 1024**3)
    settings = MailboxSettings(
        quota_bytes=1024**3, send_scope="internal", forward_to=("a@b.example",)
    )

    change_mailbox(account=account, settings=settings, actor=system_operator())

    told = {d.label: (d.before, d.after) for d in differences(AuditRecord.objects.get())}
    assert told == {
        "邮箱空间": ("5 GB", "1 GB"),
        "可发送到": ("所有地址", "仅企业内"),
        "转发到": ("", "a@b.example"),
    }


def test_a_moment_is_told_as_pages_show_it():
    record = AuditRecord(
        target_type="accounts.account", after={"expires_at": "2026-03-31T16:00:00Z"}
    )

    assert [d.after for d in differences(record)] == ["2026-04-01 00:00"]
