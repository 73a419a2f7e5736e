"""Mailing lists that hang on an account; members and senders go with it for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.ties import SHOWN, Tie, register_ties, tie
from admin_platform.operator import Operator
from mailing_lists.models import MailingList


@register_ties
def ties(account_ids: Collection[int], operator: Operator) -> Iterable[Tie]:
    joined = MailingList.objects.filter(members__account__in=account_ids)
    written = MailingList.objects.filter(senders__account__in=account_ids)
    return [
        *_tie(_("Member of mailing lists"), joined.distinct(), operator),
        *_tie(_("May write to mailing lists"), written.distinct(), operator),
    ]


def _tie(label: str, lists: QuerySet[MailingList], operator: Operator) -> list[Tie]:
    seen = operator.scope(lists).order_by("name", "pk")
    return tie(label, list(seen.values_list("name", flat=True)[:SHOWN]), lists.count())
