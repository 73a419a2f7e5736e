"""The table of shared contacts that is exported and imported."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from admin_platform.spreadsheets import Column
from orgs.models import Contact

# What is read within one request.
MAX_ROWS = 20_000

COLUMNS = (
    Column("name", _("Full name"), required=True, also=("名称", "联系人", "Name")),
    Column(
        "addresses",
        _("E-mail addresses"),
        width=36,
        note=_("Up to 5, separated by commas; the first one is the main one."),
        also=("邮箱", "邮件地址", "电子邮件", "Email", "E-mail", "E-mail address"),
    ),
    Column("mobile", _("Mobile"), also=("手机", "移动电话")),
    Column("phone", _("Phone"), also=("固定电话", "办公电话")),
    Column("company", _("Company"), width=28, also=("单位", "公司名称")),
    Column("title", _("Position"), also=("职位", "Title")),
    Column(
        "group",
        _("Group"),
        note=_("A group that does not exist yet is created. May be blank."),
        also=("组", "分组名称"),
    ),
    Column(
        "position",
        _("Order"),
        width=10,
        note=_("A number; contacts with smaller ones come first. May be blank."),
        also=("序号",),
    ),
    Column("note", _("Remark"), width=36, also=("说明",)),
)


def sheet_row(contact: Contact) -> dict[str, str]:
    """Column code to text, as it can be imported again."""
    row = {column.code: str(getattr(contact, column.code)) for column in COLUMNS}
    group = contact.group.name if contact.group else ""
    return row | {"addresses": ", ".join(contact.addresses), "group": group}
