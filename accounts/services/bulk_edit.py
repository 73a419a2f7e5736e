"""Changing the same fields of many accounts at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import signals
from accounts.errors import StorageExhausted
from accounts.models import Account, Mailbox, Membership
from accounts.services.bulk import locked_selection, recount
from accounts.services.limits import storage_left
from accounts.services.mailboxes import ACCESS_FIELDS
from accounts.services.protection import check_may_change
from admin_platform import audit
from admin_platform.operator import Operator

FUNCTION = "account.change"
PERSON_FIELDS = ("title",)
MAILBOX_FIELDS = (
    "quota_bytes", "send_scope", "receive_scope", "forwarding_allowed", *ACCESS_FIELDS
)  # fmt: skip


@transaction.atomic
def edit_accounts(
    *, account_ids: Collection[int], values: Mapping[str, Any], actor: Operator
) -> int:
    """Give all accounts the same values; how many of them had others before.

    values: by the names of PERSON_FIELDS and MAILBOX_FIELDS; the latter leave accounts
    without a mailbox alone. Raises PrimaryDepartmentOutOfScope, AccountProtected,
    SelectionChanged, StorageExhausted.
    """
    accounts = locked_selection(account_ids, FUNCTION, actor)
    check_may_change(accounts, FUNCTION, actor)
    mailboxes = list(Mailbox.objects.filter(account__in=accounts).select_for_update())
    if "quota_bytes" in values:
        _check_storage(accounts[0], mailboxes, values["quota_bytes"])
    changes = _differences(accounts, values, PERSON_FIELDS)
    in_mailboxes = _differences(mailboxes, values, MAILBOX_FIELDS)
    _write(Account, changes, values, PERSON_FIELDS)
    _write(Mailbox, in_mailboxes, values, MAILBOX_FIELDS)
    changed = _record(accounts, changes, mailboxes, in_mailboxes, actor)
    _tell_access(mailboxes, in_mailboxes, actor)
    recount(account_ids, FUNCTION, actor)
    return changed


Differences = dict[int, tuple[dict[str, Any], dict[str, Any]]]


def _check_storage(account: Account, mailboxes: Sequence[Mailbox], quota_bytes: int) -> None:
    left = storage_left(account.organization)
    wanted = sum(quota_bytes - mailbox.quota_bytes for mailbox in mailboxes)
    if left is None or not mailboxes:
        return
    if not quota_bytes:
        raise StorageExhausted(None)
    # Smaller quotas are welcome even where too much was given out already.
    if wanted > max(0, left):
        raise StorageExhausted(max(0, left))


def _differences(
    rows: Sequence[Account] | Sequence[Mailbox], values: Mapping[str, Any], fields: Collection[str]
) -> Differences:
    """For the rows that differ from the values, by primary key: before and after."""
    wanted = {name: values[name] for name in fields if name in values}
    found = {row.pk: audit.changes(row, wanted) for row in rows}
    return {pk: (before, after) for pk, (before, after) in found.items() if after}


def _write(
    model: type[Account] | type[Mailbox],
    differences: Differences,
    values: Mapping[str, Any],
    fields: Collection[str],
) -> None:
    wanted = {name: values[name] for name in fields if name in values}
    if differences:
        model._default_manager.filter(pk__in=differences).update(**wanted)


def _record(
    accounts: Sequence[Account],
    changes: Differences,
    mailboxes: Sequence[Mailbox],
    in_mailboxes: Differences,
    actor: Operator,
) -> int:
    mailbox_of = {mailbox.account_id: mailbox.pk for mailbox in mailboxes}
    primaries = dict(
        Membership.objects.filter(account__in=accounts, is_primary=True).values_list(
            "account_id", "department_id"
        )
    )
    nothing: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    records = []
    for account in accounts:
        before, after = changes.get(account.pk, nothing)
        box_before, box_after = in_mailboxes.get(mailbox_of.get(account.pk, 0), nothing)
        if after or box_after:
            department_id = primaries.get(account.pk)
            records.append(
                audit.Change(account, before | box_before, after | box_after, department_id)
            )
    ids = [record.target.pk for record in records if record.target]
    Account.objects.filter(pk__in=ids).update(updated_at=timezone.now())
    audit.record_many("account.changed", records, actor=actor, batch=uuid.uuid4())
    return len(records)


def _tell_access(mailboxes: Sequence[Mailbox], in_mailboxes: Differences, actor: Operator) -> None:
    by_pk = {mailbox.pk: mailbox for mailbox in mailboxes}
    for pk, (before, after) in in_mailboxes.items():
        changed = [name for name in ACCESS_FIELDS if name in after]
        if changed:
            signals.access_changed.send(
                sender=Mailbox,
                mailbox=by_pk[pk],
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
                actor=actor,
            )
