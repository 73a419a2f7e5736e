"""What an organization uses, and who administers it."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from accounts.models import Account, Grant, Mailbox
from accounts.presets import FULL_ADMINISTRATOR
from orgs.models import Organization

# A sum over every mailbox; usage changes with every message.
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Usage:
    """storage_bytes: used by all mailboxes. accounts: how many there are, by domain id."""

    storage_bytes: int
    accounts: dict[int, int]


def usage_of(organization: Organization) -> Usage:
    """For the home page; may be five minutes old."""
    key = f"usage:{organization.pk}"
    found = cache.get(key)
    if found is None:
        found = _count(organization)
        cache.set(key, found, KEPT_SECONDS)
    return Usage(*found)


def _count(organization: Organization) -> tuple[int, dict[int, int]]:
    mailboxes = Mailbox.objects.filter(account__organization=organization)
    accounts = Account.objects.filter(organization=organization, deleted_at=None)
    by_domain = accounts.order_by().values_list("domain").annotate(n=Count("pk"))
    return mailboxes.aggregate(total=Sum("usage_bytes"))["total"] or 0, dict(by_domain)


def full_administrators(organization: Organization) -> QuerySet[Account]:
    """Who may do everything in the organization and can sign in, longest-serving first."""
    grants = Grant.objects.filter(organization=organization, role__code=FULL_ADMINISTRATOR)
    accounts = Account.objects.filter(pk__in=grants.values("account"), deleted_at=None)
    return accounts.order_by("pk")
