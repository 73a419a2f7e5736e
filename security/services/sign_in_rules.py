"""Changing who needs a second factor, and how long sessions last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.services.limits import lock_organization
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.errors import WholeOrganizationOnly
from security.selectors.sign_in_rules import sign_in_rule_of


@transaction.atomic
def change_sign_in_rules(
    *, organization: Organization, values: Mapping[str, Any], actor: Operator
) -> None:
    """Counts for sessions that are open already, and for the next sign-in of mail clients.

    values: fields of SignInRule. Raises WholeOrganizationOnly, ValidationError.
    """
    if not actor.can_everywhere("sign_in_rule.manage"):
        raise WholeOrganizationOnly
    organization = lock_organization(organization.pk)
    rule = sign_in_rule_of(organization)
    before, after = audit.changes(rule, values)
    if not after:
        return
    for name, value in after.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    audit.record(
        "sign_in_rule.changed",
        actor=actor,
        target=organization,
        before=before,
        after=after,
        organization_id=organization.pk,
    )
