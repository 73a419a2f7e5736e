"""Changing how many recipients the accounts of an organization may write to."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.services.limits import lock_organization
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.errors import WholeOrganizationOnly
from security.selectors.sending_limits import sending_limit_of


@transaction.atomic
def change_sending_limit(
    *, organization: Organization, values: Mapping[str, int | None], actor: Operator
) -> None:
    """Counts for the next recipient; what was sent before it is counted too.

    values: hourly and daily. Raises WholeOrganizationOnly, ValidationError.
    """
    if not actor.can_everywhere("sending_limit.manage"):
        raise WholeOrganizationOnly
    organization = lock_organization(organization.pk)
    limit = sending_limit_of(organization)
    before, after = audit.changes(limit, values)
    if not after:
        return
    for name, value in after.items():
        setattr(limit, name, value)
    limit.full_clean()
    limit.save()
    audit.record(
        "sending_limit.changed",
        actor=actor,
        target=organization,
        before=before,
        after=after,
        organization_id=organization.pk,
    )
