"""Self-backup: all mail of one mailbox is copied into another (manual, 10.5)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import AccountStatus
from accounts.models import Account
from accounts.services.limits import lock_organization
from accounts.services.records import primary_department_id
from admin_platform import audit
from admin_platform.operator import Operator
from apps_center.errors import BackupRefused
from apps_center.models import BackupRule

FUNCTION = "backup.manage"
MAIN, BACKED_UP = "main", "backed_up"


@transaction.atomic
def create_backups(*, main: Account, backed_up: Collection[Account], actor: Operator) -> None:
    """Have mailboxes of one organization backed up by another one of it.

    Raises BackupRefused; then none is backed up.
    """
    # Accounts are disabled and deleted under the same lock.
    lock_organization(main.organization_id)
    main = _usable(main, MAIN, actor)
    if main.expires_at is not None:
        text = _("%(name)s expires. A main backup mailbox has to stay.")
        raise BackupRefused(text % {"name": main.name}, MAIN)
    chosen = [_usable(account, BACKED_UP, actor) for account in backed_up]
    for account in chosen:
        _create(main, account)
    _record("backup.created", chosen, [main] * len(chosen), actor)


def _usable(account: Account, field: str, actor: Operator) -> Account:
    in_scope = actor.at(FUNCTION).scope(Account.objects.filter(deleted_at=None))
    current = in_scope.select_related("mailbox").filter(pk=account.pk).first()
    values = {"name": account.name}
    if current is None:
        raise BackupRefused(_("%(name)s was deleted or moved meanwhile.") % values, field)
    if current.status != AccountStatus.ACTIVE or current.is_expired:
        raise BackupRefused(_("%(name)s is disabled, frozen or expired.") % values, field)
    if not current.has_mailbox:
        raise BackupRefused(_("%(name)s has no mailbox.") % values, field)
    return current


def _create(main: Account, account: Account) -> None:
    values = {"name": account.name, "main": main.name}
    if account == main:
        raise BackupRefused(_("%(name)s cannot back up itself.") % values, BACKED_UP)
    rule = BackupRule.objects.filter(backed_up=account).select_related("main").first()
    if rule is not None:
        text = _("%(name)s is backed up by %(main)s already.")
        raise BackupRefused(text % {"name": account.name, "main": rule.main.name}, BACKED_UP)
    try:
        with transaction.atomic():
            BackupRule.objects.create(main=main, backed_up=account)
    except IntegrityError:
        text = _("%(name)s backs up %(main)s, directly or over others. That would be a circle.")
        raise BackupRefused(text % values, BACKED_UP) from None


@transaction.atomic
def delete_backups(*, rule_ids: Collection[int], actor: Operator) -> int:
    """End backups in the actor's scope; copies that were made stay. How many there were."""
    in_scope = actor.at(FUNCTION).scope(BackupRule.objects.filter(pk__in=rule_ids))
    rules = list(in_scope.select_related("main", "backed_up").order_by("pk"))
    BackupRule.objects.filter(pk__in=[rule.pk for rule in rules]).delete()
    _record(
        "backup.deleted", [rule.backed_up for rule in rules], [rule.main for rule in rules], actor
    )
    return len(rules)


def _record(
    action: str, accounts: Sequence[Account], mains: Sequence[Account], actor: Operator
) -> None:
    changes = [
        audit.Change(account, {}, {"main": main.address}, primary_department_id(account))
        for account, main in zip(accounts, mains, strict=True)
    ]
    audit.record_many(action, changes, actor=actor, batch=uuid.uuid4())
