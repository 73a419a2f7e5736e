"""How many recipients the accounts of an organization may write to."""

from __future__ import annotations

from orgs.models import Organization
from security.models import SendingLimit


def sending_limit_of(organization: Organization) -> SendingLimit:
    """The organization's limit; one that never set its own has none, unsaved."""
    try:
        return organization.sending_limit
    except SendingLimit.DoesNotExist:
        return SendingLimit(organization=organization)
