"""Which mailboxes are backed up, and by which."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from admin_platform.operator import Operator
from admin_platform.paging import Page, capped_total, keyset_page
from apps_center.models import BackupRule


def backup_rules(operator: Operator, search: str = "") -> QuerySet[BackupRule]:
    """Those in scope whose mailboxes have the words in name or address."""
    found = operator.scope(BackupRule.objects.all())
    for word in search.split():
        found = found.filter(
            Q(main__search_text__contains=word.lower())
            | Q(backed_up__search_text__contains=word.lower())
        )
    return found


def backup_page(
    operator: Operator, *, search: str = "", cursors: Mapping[str, str]
) -> Page[BackupRule]:
    """The latest first."""
    found = backup_rules(operator, search)
    return keyset_page(
        found,
        key="id",
        rows=BackupRule.objects.select_related("main", "backed_up"),
        descending=True,
        cursors=cursors,
        total=lambda: capped_total(found),
    )
