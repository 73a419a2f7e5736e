"""Organizations and their domains."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Department, Domain, Organization

# MPTT numbers trees by max + 1, so two new trees at once must wait for one another.
NEW_TREE_LOCK = 7302


@transaction.atomic
def create_organization(*, name: str, actor: Operator, **fields: Any) -> Organization:
    """Create an organization with the root department that stands for it."""
    organization = Organization(name=name, **fields)
    organization.full_clean()
    organization.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NEW_TREE_LOCK])
    Department.objects.create(organization=organization, name=organization.brand[:64])
    audit.record(
        "organization.created",
        actor=actor,
        target=organization,
        organization_id=organization.pk,
        after={"name": name},
    )
    return organization


@transaction.atomic
def create_domain(
    *,
    organization: Organization,
    name: str,
    actor: Operator,
    alias_of: Domain | None = None,
) -> Domain:
    """Add a domain, or with alias_of a further name for one of the organization's domains."""
    domain = Domain(organization=organization, name=name.strip().lower(), alias_of=alias_of)
    domain.full_clean()
    domain.save()
    audit.record(
        "domain.created",
        actor=actor,
        target=domain,
        after={"alias_of": alias_of.name if alias_of else ""},
    )
    return domain


def root_department(organization: Organization) -> Department:
    root: Department = Department.objects.get(organization=organization, parent=None)
    return root
