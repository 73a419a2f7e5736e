from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account
from accounts.selectors.search import search_condition, words
from security.models import IpPolicy


def search_policies(policies: QuerySet[IpPolicy], query: str) -> QuerySet[IpPolicy]:
    if not words(query):
        return policies
    return policies.filter(account__in=Account.objects.filter(search_condition(query, few=True)))


def policy_rows() -> QuerySet[IpPolicy]:
    """What a row of the list shows."""
    return IpPolicy.objects.select_related("account").prefetch_related(
        "rules", "account__departments"
    )
