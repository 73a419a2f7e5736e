"""Organizations and their domains."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from admin_platform import audit
from admin_platform.operator import Operator
from admin_platform.pinyin import spelled
from orgs.models import NAME_MAX_LENGTH, Department, Domain, Organization

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
    name = organization.brand[:NAME_MAX_LENGTH]
    Department.objects.create(organization=organization, name=name, pinyin=spelled(name))
    audit.record(
        "organization.created",
        actor=actor,
        target=organization,
        organization_id=organization.pk,
        after={"name": name},
    )
    return organization


@transaction.atomic
def change_organization(
    *, organization: Organization, actor: Operator, **values: Any
) -> Organization:
    """Change what the provider keeps about an organization.

    The root department follows its name as long as it was not given another one.
    """
    stored = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    before, after = audit.changes(stored, values)
    former_brand = stored.brand
    for name, value in after.items():
        setattr(stored, name, value)
    stored.full_clean()
    stored.save(update_fields=list(after))
    if stored.brand != former_brand:
        root = Department.objects.filter(organization=stored, parent=None)
        name = stored.brand[:NAME_MAX_LENGTH]
        root.filter(name=former_brand[:NAME_MAX_LENGTH]).update(name=name, pinyin=spelled(name))
    if after:
        audit.record(
            "organization.changed",
            actor=actor,
            target=stored,
            organization_id=stored.pk,
            before=before,
            after=after,
        )
    return stored


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
