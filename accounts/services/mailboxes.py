"""Mailboxes: making one, and what it may hold, send, receive and forward."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import signals
from accounts.checks import MAX_FORWARDS
from accounts.choices import ReceiveScope, SendScope
from accounts.errors import ForwardingRefused, MailboxExists, MailboxMissing
from accounts.models import Account, Address, Mailbox
from accounts.selectors.addresses import canonical_addresses
from accounts.services.limits import check_storage, lock_organization
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from admin_platform import audit
from admin_platform.operator import Operator

ACCESS_FIELDS = ("web_enabled", "imap_enabled", "pop3_enabled", "smtp_enabled")


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What an administrator decides about a mailbox; the fields are those of Mailbox.

    quota_bytes: 0 means without limit, where the organization's storage has none.
    forward_to: whole addresses as `checks.clean_forward` returns them.
    """

    quota_bytes: int
    send_scope: str = SendScope.ALL
    receive_scope: str = ReceiveScope.ALL
    web_enabled: bool = True
    imap_enabled: bool = True
    pop3_enabled: bool = True
    smtp_enabled: bool = True
    forwarding_allowed: bool = False
    forward_to: tuple[str, ...] = ()
    keep_copy: bool = True

    def as_values(self) -> dict[str, Any]:
        """Values for Mailbox. Without an address to forward to, mail always stays here."""
        forward_to = list(dict.fromkeys(self.forward_to))
        kept = self.keep_copy or not forward_to
        return asdict(replace(self, keep_copy=kept)) | {"forward_to": forward_to}


def new_store_path() -> str:
    """Where a new mailbox keeps its mail below the store's root, spread over 256 directories."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def check_forwarding(account: Account, settings: MailboxSettings) -> None:
    """Raises ForwardingRefused for too many addresses and for one of the account's own."""
    if len(settings.forward_to) > MAX_FORWARDS:
        raise ForwardingRefused(
            _("Mail can be forwarded to %(limit)d addresses at most.") % {"limit": MAX_FORWARDS}
        )
    meant = canonical_addresses(list(settings.forward_to), account.organization_id)
    own = set(
        Address.objects.filter(account=account, address__in=meant.values()).values_list(
            "address", flat=True
        )
    )
    for typed, address in meant.items():
        if address in own:
            raise ForwardingRefused(
                _("“%(address)s” is this mailbox itself. Forward to another address.")
                % {"address": typed}
            )


def add_mailbox(*, account: Account, settings: MailboxSettings) -> Mailbox:
    """The rows of a new mailbox. The organization must be locked; the caller records and tells.

    Raises StorageExhausted, ForwardingRefused.
    """
    check_storage(account.organization, settings.quota_bytes)
    check_forwarding(account, settings)
    return Mailbox.objects.create(
        account=account, store_path=new_store_path(), **settings.as_values()
    )


@transaction.atomic
def create_mailbox(*, account: Account, settings: MailboxSettings, actor: Operator) -> Mailbox:
    """Give an existing account its mailbox. Raises MailboxExists and what add_mailbox raises."""
    organization = lock_organization(account.organization_id)
    account = Account.objects.get(pk=account.pk)
    account.organization = organization
    check_may_change([account], "account.change", actor)
    if account.has_mailbox:
        raise MailboxExists(account.name)
    mailbox = add_mailbox(account=account, settings=settings)
    after = {"mailbox": True} | settings.as_values()
    record_change(account, {"mailbox": False}, after, actor=actor)
    signals.mailboxes_created.send(sender=Mailbox, mailbox_ids=[mailbox.pk], actor=actor)
    return mailbox


@transaction.atomic
def change_mailbox(*, account: Account, settings: MailboxSettings, actor: Operator) -> None:
    """Raises MailboxMissing, StorageExhausted, ForwardingRefused."""
    organization = lock_organization(account.organization_id)
    check_may_change([account], "account.change", actor)
    mailbox = Mailbox.objects.select_for_update().filter(account=account).first()
    if mailbox is None:
        raise MailboxMissing(account.name)
    before, after = audit.changes(mailbox, settings.as_values())
    if not after:
        return
    check_storage(organization, settings.quota_bytes, given_bytes=mailbox.quota_bytes)
    if "forward_to" in after:
        check_forwarding(account, settings)
    for name, value in after.items():
        setattr(mailbox, name, value)
    mailbox.save(update_fields=list(after))
    record_change(account, before, after, actor=actor)
    _tell_access(mailbox, before, after, actor)


def _tell_access(
    mailbox: Mailbox, before: dict[str, Any], after: dict[str, Any], actor: Operator
) -> None:
    changed = [name for name in ACCESS_FIELDS if name in after]
    if changed:
        signals.access_changed.send(
            sender=Mailbox,
            mailbox=mailbox,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            actor=actor,
        )
