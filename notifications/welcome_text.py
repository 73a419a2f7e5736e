"""The welcome letter that an organization has before it writes its own, and its fields.

Letters are written to people, in the language of the house: their texts are Chinese and
not translated with the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "name": _("Name of the member"),
    "address": _("Mail address"),
    "organization": _("Name of the organization"),
    "department": _("Department"),
    "webmail_url": _("Address of the webmail"),
}

DEFAULT_SUBJECT = "欢迎使用{organization}企业邮箱"
DEFAULT_BODY = (
    "<p>{name}，您好：</p>"
    "<p>{organization}已经为您开通企业邮箱，您的邮箱地址是 <strong>{address}</strong>。</p>"
    "<ul>"
    '<li>网页邮箱：<a href="{webmail_url}">{webmail_url}</a>，用完整的邮箱地址登录。</li>'
    "<li>首次登录后请修改初始密码，新密码只由您本人保管。</li>"
    "<li>手机和电脑上的邮件客户端，请向管理员询问收发服务器的地址。</li>"
    "</ul>"
    "<p>使用中有任何问题，请联系本单位的邮箱管理员。</p>"
    "<p>祝工作顺利。</p>"
    "<p>{organization}</p>"
)


def fill_html(text: str, values: Mapping[str, str]) -> str:
    return fill(text, {name: escape(value) for name, value in values.items()})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, in one pass: a value with braces stays as it is."""
    pieces = text.split("{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, brace, rest = piece.partition("}")
        filled.append(values[name] + rest if brace and name in values else "{" + piece)
    return "".join(filled)
