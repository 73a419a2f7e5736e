"""What an organization has bought: seats and storage, given out under its lock."""

from __future__ import annotations

from accounts.errors import SeatsExhausted, StorageExhausted
from accounts.models import MailboxTotal
from orgs.models import Organization
from orgs.selectors.organizations import seats_used


def lock_organization(organization_id: int) -> Organization:
    """Hold the organization until the end of the transaction.

    Two creations at once would both find the last seat free. Other rows may go on
    referring to it meanwhile, hence `no_key`.
    """
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def check_seats(organization: Organization, wanted: int = 1) -> None:
    """Raises SeatsExhausted. The organization must be locked."""
    if seats_used(organization) + wanted > organization.seats:
        raise SeatsExhausted(organization.seats)


def storage_left(organization: Organization) -> int | None:
    """How many bytes of quota can still be given out; None without limit."""
    if not organization.storage_bytes:
        return None
    total = MailboxTotal.objects.filter(organization=organization).first()
    return organization.storage_bytes - (total.quota_bytes if total else 0)


def check_storage(
    organization: Organization, quota_bytes: int, *, given_bytes: int | None = None
) -> None:
    """Raises StorageExhausted where a quota does not fit. The organization must be locked.

    given_bytes: the quota that the mailbox has already; None for a new one.
    """
    left = storage_left(organization)
    if left is None or quota_bytes == given_bytes:
        return
    if not quota_bytes:
        raise StorageExhausted(None)
    given = given_bytes or 0
    # A smaller quota is welcome even where too much was given out already.
    if quota_bytes > given and quota_bytes - given > left:
        raise StorageExhausted(max(0, left + given))
