import ast
from pathlib import Path

import pytest
from django.apps import apps

from accounts.services.mailboxes import MailboxSettings, change_mailbox
from admin_platform.audit_values import differences
from admin_platform.models import AuditRecord
from analytics.selectors.records import remark
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


@pytest.mark.parametrize(
    ("action", "values", "told"),
    [
        ("role.created", {"functions": ["lockout.view"]}, "功能：查看锁定帐号"),
        (
            "account.exported",
            {"accounts": 2, "with_below": True, "status": "frozen", "mailbox": "none"},
            "数量：2；含子部门：是；状态：冻结；邮箱：无邮箱",
        ),
        (
            "app_password.created",
            {"name": "Outlook", "protocols": ["smtp", "imap"]},
            "名称：Outlook；客户端协议：SMTP、IMAP",
        ),
        (
            "session.ended",
            {"ip": "10.0.0.1", "client": "Mozilla/5.0 (Windows NT) Chrome/126.0.0.0"},
            "IP 地址：10.0.0.1；客户端：Chrome 126 · Windows",
        ),
        ("ip_rule.created", {"action": "deny", "note": ""}, "操作：禁止"),
        ("spam_rule.changed", {"action": "refuse"}, "垃圾邮件的处理：拒收"),
    ],
)
def test_values_are_told_in_words_and_not_in_codes(action, values, told):
    target = "security.iprule" if action.startswith("ip_rule") else "accounts.account"
    record = AuditRecord(action=action, target_type=target, after=values)

    assert remark(record) == told


def test_every_value_that_is_recorded_has_a_name():
    fields = {
        field.name
        for model in apps.get_models()
        for field in model._meta.fields
        if str(field.verbose_name) != field.name.replace("_", " ")
    }

    nameless = {
        (action, name)
        for action, name in recorded()
        if name not in fields
        and differences(AuditRecord(action=action, after={name: 1}))[0].label
        == name.replace("_", " ")
    }

    assert nameless == set()


def recorded():
    """(action, name) of the values that services write out where they record an action."""
    for path in Path().glob("*/services/*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            action = call.args[0]
            for given in (k.value for k in call.keywords if k.arg in {"before", "after"}):
                for part in ast.walk(given):
                    if isinstance(part, ast.Dict) and isinstance(action, ast.Constant):
                        yield from ((action.value, getattr(k, "value", "")) for k in part.keys if k)
