"""Sign-ins as they were written down."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account
from orgs.models import Domain
from security.models import SignInRecord


def sign_ins_of(account: Account) -> QuerySet[SignInRecord]:
    """All attempts at the account, whatever address and protocol, newest first."""
    return SignInRecord.objects.filter(account=account).order_by("-at", "-pk")


def organization_of(address: str) -> int | None:
    """The organization that the domain of a typed address belongs to, if any.

    Attempts at addresses that do not exist are its business too.
    """
    domain = Domain.objects.filter(name=address.rpartition("@")[2])
    return domain.values_list("organization_id", flat=True).first()
