from django.db.models import QuerySet

from admin_platform.operator import Operator
from admin_platform.scopes import scoped, within
from orgs.models import Contact, ContactGroup, Department, Domain, Organization


@scoped(Department)
def departments_in_scope(
    queryset: QuerySet[Department], operator: Operator
) -> QuerySet[Department]:
    return queryset.filter(within(operator.spans()), organization=operator.organization_id)


@scoped(Domain)
def domains_in_scope(queryset: QuerySet[Domain], operator: Operator) -> QuerySet[Domain]:
    return queryset.filter(organization=operator.organization_id)


@scoped(Organization)
def organizations_in_scope(
    queryset: QuerySet[Organization], operator: Operator
) -> QuerySet[Organization]:
    return queryset.filter(pk=operator.organization_id or 0)


@scoped(ContactGroup)
def contact_groups_in_scope(
    queryset: QuerySet[ContactGroup], operator: Operator
) -> QuerySet[ContactGroup]:
    return queryset.filter(organization=operator.organization_id)


@scoped(Contact)
def contacts_in_scope(queryset: QuerySet[Contact], operator: Operator) -> QuerySet[Contact]:
    """Contacts are the whole organization's, in no department."""
    return queryset.filter(organization=operator.organization_id)
