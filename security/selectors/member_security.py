"""How members sign in: who has a second factor, app passwords, open sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account
from accounts.selectors.accounts import UNSEEN, in_departments
from accounts.selectors.search import search_condition
from admin_platform.operator import Operator
from admin_platform.paging import Page, capped_total, keyset_page
from orgs.models import Organization
from security.models import AppPassword, MemberSession, SecondFactor

WITH, WITHOUT = "with", "without"


@dataclass(frozen=True, slots=True)
class Adoption:
    """Accounts in use, and how many of them have a second factor."""

    accounts: int
    second_factors: int


def adoption(organization: Organization) -> Adoption:
    in_use = Account.objects.filter(
        organization=organization, status=AccountStatus.ACTIVE, deleted_at=None
    )
    with_factor = SecondFactor.objects.filter(user__in=in_use)
    return Adoption(in_use.count(), with_factor.count())


def member_page(
    operator: Operator, *, search: str, factor: str, cursors: Mapping[str, str]
) -> Page[Account]:
    """Accounts in the operator's scope by name, with what the list says of them."""
    accounts = operator.scope(Account.objects.filter(deleted_at=None))
    accounts = accounts.filter(search_condition(search, few=False))
    has_factor = Exists(SecondFactor.objects.filter(user=OuterRef("pk")))
    if factor in {WITH, WITHOUT}:
        accounts = accounts.filter(has_factor if factor == WITH else ~has_factor)
    return keyset_page(
        accounts,
        key="pinyin",
        rows=_rows(),
        cursors=cursors,
        total=lambda: capped_total(accounts),
    )


def _rows() -> QuerySet[Account]:
    now = timezone.now()
    live = MemberSession.objects.filter(account=OuterRef("pk"), expire_date__gt=now)
    return in_departments(Account.objects.select_related("second_factor").defer(*UNSEEN)).annotate(
        app_password_count=_count(AppPassword.objects.filter(account=OuterRef("pk"))),
        session_count=_count(live),
    )


def _count(of_account: QuerySet[AppPassword] | QuerySet[MemberSession]) -> Coalesce:
    counted = of_account.order_by().values("account").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
