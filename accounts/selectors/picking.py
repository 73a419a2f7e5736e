"""Finding members to choose, and showing those that are chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Account, Membership
from accounts.selectors.search import search_condition, words
from admin_platform.operator import Operator
from admin_platform.scopes import within

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """department: the primary one, or else another one that the operator sees."""

    pk: int
    name: str
    address: str
    department: str


def pickable(operator: Operator) -> QuerySet[Account]:
    return operator.scope(Account.objects.filter(deleted_at=None))


def find_candidates(
    operator: Operator, query: str, *, without: Collection[int] = ()
) -> list[Candidate]:
    """The first members that the words of the query name; none without a word."""
    if not words(query):
        return []
    found = pickable(operator).filter(search_condition(query, few=False))
    return _candidates(operator, found.exclude(pk__in=without).order_by("pinyin", "pk")[:SHOWN])


def candidates(operator: Operator, ids: Collection[int]) -> list[Candidate]:
    """Those of the ids that may be chosen, by name."""
    return _candidates(operator, pickable(operator).filter(pk__in=ids).order_by("pinyin", "pk"))


def _candidates(operator: Operator, accounts: Iterable[Account]) -> list[Candidate]:
    accounts = list(accounts)
    memberships = Membership.objects.filter(account__in=[account.pk for account in accounts])
    if not operator.is_system:
        memberships = memberships.filter(within(operator.spans(), "department__"))
    # The primary one last, so that it is the one that stays.
    rows = memberships.order_by("is_primary").values_list("account_id", "department__name")
    department_of = dict(rows)
    return [Candidate(a.pk, a.name, a.address, department_of.get(a.pk, "")) for a in accounts]
