"""Mailing lists as groups that the account form puts accounts into."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.groups import Choice, register_groups
from accounts.models import Account
from admin_platform.operator import Operator
from mailing_lists.models import ListMember, MailingList
from mailing_lists.services.lists import add_members, remove_members

FUNCTION = "list.manage"


class MailingLists:
    code = "lists"
    label: str | Promise = _("Join mailing lists")

    def choices(self, operator: Operator) -> list[Choice]:
        if not operator.can(FUNCTION):
            return []
        lists = operator.at(FUNCTION).scope(MailingList.objects.all())
        rows = lists.order_by("name", "pk").values_list("pk", "name", "address__address")
        return [Choice(str(pk), name, address) for pk, name, address in rows]

    def joined(self, account: Account) -> Collection[str]:
        rows = ListMember.objects.filter(account=account)
        return [str(pk) for pk in rows.values_list("mailing_list", flat=True)]

    def set(self, *, account: Account, keys: Collection[str], actor: Operator) -> None:
        offered = {choice.key for choice in self.choices(actor)}
        present = set(self.joined(account)) & offered
        wanted = set(keys) & offered
        changed = MailingList.objects.in_bulk([int(key) for key in present ^ wanted])
        for key in sorted(present ^ wanted, key=int):
            change = add_members if key in wanted else remove_members
            change(mailing_list=changed[int(key)], accounts=[account], actor=actor)


register_groups(MailingLists())
