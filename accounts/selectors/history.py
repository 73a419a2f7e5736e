"""Who changed what of an account, from the administrator log."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.models import Account
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from admin_platform.paging import Page, capped_total, keyset_page

SIZE = 20
# Either lets one see an account's history, within the departments where it is held.
FUNCTIONS = ("log.view", "account.change")


def history_page(
    account: Account, operator: Operator, *, cursors: Mapping[str, str]
) -> Page[AuditRecord] | None:
    """The newest first. None for an operator who may see no history at all."""
    held = [function for function in FUNCTIONS if operator.can(function)]
    if not held:
        return None
    records = _records(account, operator.at(held[0]))
    for function in held[1:]:
        records |= _records(account, operator.at(function))
    return keyset_page(
        records,
        key="id",
        rows=AuditRecord.objects.all(),
        cursors=cursors,
        descending=True,
        size=SIZE,
        total=lambda: capped_total(records),
    )


def _records(account: Account, operator: Operator) -> QuerySet[AuditRecord]:
    records = AuditRecord.objects.filter(
        target_type=Account._meta.label_lower, target_id=str(account.pk)
    )
    return operator.scope(records)


def last_change_by(account: Account) -> str:
    """Who changed the account last; "" if nobody has."""
    records = AuditRecord.objects.filter(
        target_type=Account._meta.label_lower, target_id=str(account.pk)
    )
    return records.order_by("-pk").values_list("actor_name", flat=True).first() or ""
