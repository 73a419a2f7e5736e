"""Backup rules that hang on an account: its own copies end with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.ties import SHOWN, Tie, register_ties, tie
from admin_platform.operator import Operator


@register_ties
def ties(account_ids: Collection[int], operator: Operator) -> Iterable[Tie]:
    mains = Account.objects.filter(backs_up__backed_up__in=account_ids).distinct()
    seen = operator.scope(mains).order_by("pinyin", "pk")
    names = list(seen.values_list("name", flat=True)[:SHOWN])
    return tie(_("Backed up by"), names, mains.count())
