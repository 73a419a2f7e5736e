"""Mail volume (manual, 7.4): sums of the daily volumes, by day, member, department, domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Model, Q, QuerySet, Sum

from accounts.models import Account
from admin_platform.operator import Operator
from mail_server.models import DailyVolume
from orgs.models import Department, Domain

COUNTED = ("sent", "sent_bytes", "received", "received_bytes")
SUMS = {name: Sum(name) for name in COUNTED}
SENDERS = 15
AT_ONCE = 500
EVERY = Q()


@dataclass(frozen=True, slots=True)
class Volume:
    """of: a day, or whose mail it is. remark: what else tells who that is."""

    of: date | str
    remark: str = ""
    sent: int = 0
    sent_bytes: int = 0
    received: int = 0
    received_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """From one day until another, both included."""

    since: date
    until: date

    def __iter__(self) -> Iterator[date]:
        count = (self.until - self.since).days + 1
        return (self.since + timedelta(days=number) for number in range(count))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows of which the volumes are sums. key: what they are paged by. path: from a daily
    volume to the row's primary key. condition: on the daily volumes."""

    model: type[Model]
    key: str
    path: str
    label: Callable[[Any], str]
    remark: Callable[[Any], str] = lambda _row: ""
    condition: Q = EVERY

    def rows(self, operator: Operator) -> QuerySet[Any]:
        return operator.scope(self.model._default_manager.all())


GROUPINGS = {
    "accounts": Grouping(
        Account, "address", "account_id", lambda a: str(a.address), lambda a: str(a.name)
    ),
    "departments": Grouping(
        Department,
        "lft",
        "account__memberships__department_id",
        lambda d: str(d.name),
        condition=Q(account__memberships__is_primary=True),
    ),
    "domains": Grouping(Domain, "name", "account__domain_id", lambda d: str(d.name)),
}


def volumes(operator: Operator, days: Days) -> QuerySet[DailyVolume]:
    return operator.scope(DailyVolume.objects.filter(day__range=(days.since, days.until)))


def by_day(operator: Operator, days: Days) -> list[Volume]:
    """One for each day: of the whole organization, or of the operator's departments."""
    found = volumes(operator, days).filter(
        account__isnull=operator.can_everywhere(operator.function)
    )
    sums = {day: counted for day, *counted in found.values_list("day").annotate(**SUMS)}
    return [Volume(day, "", *sums.get(day, ())) for day in days]


def total(days: list[Volume]) -> Volume:
    return Volume("", **{name: sum(getattr(day, name) for day in days) for name in COUNTED})


def of_rows(
    operator: Operator, days: Days, grouping: Grouping, rows: list[Any]
) -> list[tuple[Any, Volume]]:
    """The volume of each of the rows, also of those without mail, with one query."""
    found = volumes(operator, days).filter(
        grouping.condition, **{f"{grouping.path}__in": [row.pk for row in rows]}
    )
    sums = {pk: counted for pk, *counted in found.values_list(grouping.path).annotate(**SUMS)}
    return [
        (row, Volume(grouping.label(row), grouping.remark(row), *sums.get(row.pk, ())))
        for row in rows
    ]


def top_senders(operator: Operator, days: Days) -> list[tuple[Account, Volume]]:
    """Those of the operator's accounts that sent the most, the first one first."""
    found = volumes(operator, days).filter(account__isnull=False, sent__gt=0)
    ranks = found.values_list("account_id").annotate(most=Sum("sent"))
    ids = [pk for pk, _most in ranks.order_by("-most", "account_id")[:SENDERS]]
    accounts = GROUPINGS["accounts"].rows(operator).in_bulk(ids)
    rows = [accounts[pk] for pk in ids if pk in accounts]
    return of_rows(operator, days, GROUPINGS["accounts"], rows)


def all_rows(
    operator: Operator, days: Days, grouping: Grouping, rows: QuerySet[Any]
) -> Iterator[Volume]:
    """For an export: never all in memory."""
    found = rows.order_by(grouping.key, "pk").iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        yield from (volume for _row, volume in of_rows(operator, days, grouping, some))
