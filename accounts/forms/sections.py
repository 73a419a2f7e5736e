"""The sections of the account's form, as its rail and its error summary know them."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

MAILBOX = ("create_mailbox", "quota", "aliases")
PERMISSIONS = ("receive_scope", "send_scope", "protocols")
FORWARDING = ("forwarding_allowed", "forward_to", "keep_copy")


@dataclass(frozen=True, slots=True)
class Section:
    """errors: how many fields in it need correcting. code: its id in the page."""

    code: str
    label: str
    errors: int


def sections(form: forms.Form) -> list[Section]:
    others = {*MAILBOX, *PERMISSIONS, *FORWARDING}
    groups = [name for name in form.fields if name.startswith("groups_")]
    basic = [name for name in form.fields if name not in others and name not in groups]
    return [
        _section(form, "basic", _("Basic data"), basic),
        _section(form, "mailbox", _("Mailbox"), [*MAILBOX, *groups]),
        _section(form, "permissions", _("Sending and receiving"), PERMISSIONS),
        _section(form, "forwarding", _("Automatic forwarding"), FORWARDING),
    ]


def _section(
    form: forms.Form, code: str, label: str, names: tuple[str, ...] | list[str]
) -> Section:
    return Section(code, label, sum(name in form.errors for name in names))
