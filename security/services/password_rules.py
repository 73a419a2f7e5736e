"""Changing the password rules of an organization (manual, 9.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.services.limits import lock_organization
from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.errors import WholeOrganizationOnly
from security.models import PreviousPassword
from security.selectors.password_rules import password_rule_of


@transaction.atomic
def change_password_rules(
    *, organization: Organization, values: Mapping[str, Any], actor: Operator
) -> None:
    """Passwords that exist stay as they are until they are changed; an expiry counts at once.

    values: fields of PasswordRule. Raises WholeOrganizationOnly, ValidationError.
    """
    if not actor.can_everywhere("password_rule.manage"):
        raise WholeOrganizationOnly
    organization = lock_organization(organization.pk)
    rule = password_rule_of(organization)
    before, after = audit.changes(rule, values)
    if not after:
        return
    for name, value in after.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    _forget_beyond(organization, rule.history)
    audit.record(
        "password_rule.changed",
        actor=actor,
        target=organization,
        before=before,
        after=after,
        organization_id=organization.pk,
    )


def _forget_beyond(organization: Organization, history: int) -> None:
    """Nothing is kept of passwords that no rule asks for any more."""
    if history == 0:
        PreviousPassword.objects.filter(account__organization=organization).delete()
