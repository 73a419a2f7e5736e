"""What an organization has and uses."""

from django.db.models import F, Q, QuerySet, Sum

from orgs.models import DepartmentCount, Domain, Organization


def seats_used(organization: Organization) -> int:
    """How many accounts there are; exact, for every account has one primary department."""
    counts = DepartmentCount.objects.filter(department__organization=organization)
    return counts.aggregate(total=Sum("primaries"))["total"] or 0


def domains_of(organization: Organization) -> QuerySet[Domain]:
    """Own domains first, each followed by its aliases."""
    return organization.domains.select_related("alias_of").order_by(
        F("alias_of_id").asc(nulls_first=True), "id"
    )


def mail_domains(organization: Organization) -> QuerySet[Domain]:
    """The domains in which accounts can be created: no aliases of others."""
    return organization.domains.filter(Q(alias_of=None)).order_by("id")
