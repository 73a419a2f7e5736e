"""Who forwards mail to an account."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import Address, Mailbox


def addresses_of(account_ids: Collection[int]) -> list[str]:
    """All addresses of the accounts, primary ones and aliases."""
    addresses = Address.objects.filter(account__in=account_ids)
    return list(addresses.values_list("address", flat=True))


def forwarding_to(addresses: Collection[str], *, but: Collection[int]) -> QuerySet[Mailbox]:
    """Mailboxes, of whatever organization, that forward to one of the addresses."""
    # Said twice, for the index has only those that forward at all.
    forwarding = Mailbox.objects.filter(~Q(forward_to=[]), forward_to__overlap=list(addresses))
    return forwarding.exclude(account__in=but).select_related("account").order_by("pk")
