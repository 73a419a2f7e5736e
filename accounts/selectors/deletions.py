"""The accounts that are deleted and can still be restored."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.models import Account, Deletion
from accounts.selectors.search import search_condition, words
from admin_platform.operator import Operator
from admin_platform.paging import Page, capped_total, keyset_page


def deletions(operator: Operator, search: str = "") -> QuerySet[Deletion]:
    found = operator.scope(Deletion.objects.all())
    if words(search):
        accounts = Account.objects.filter(
            search_condition(search, few=True), deleted_at__isnull=False
        )
        found = found.filter(account__in=accounts)
    return found


def deletion_page(
    operator: Operator, *, search: str = "", cursors: Mapping[str, str]
) -> Page[Deletion]:
    """The latest first."""
    found = deletions(operator, search)
    return keyset_page(
        found,
        key="deleted_at",
        rows=Deletion.objects.select_related("account__mailbox", "department", "heir"),
        descending=True,
        cursors=cursors,
        total=lambda: capped_total(found),
    )
