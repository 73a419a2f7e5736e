from django.db.models import Q, QuerySet

from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from admin_platform.scopes import scoped, within
from orgs.models import Department


@scoped(AuditRecord)
def records_in_scope(queryset: QuerySet[AuditRecord], operator: Operator) -> QuerySet[AuditRecord]:
    """The organization's records: all of them for whoever's scope is the whole tree, else
    those of changes in the own departments."""
    covered = Department.objects.filter(
        within(operator.spans()), organization=operator.organization_id
    )
    own = queryset.filter(organization_id=operator.organization_id)
    if covered.filter(parent=None).exists():
        return own
    return own.filter(Q(department_id__in=covered.values("pk")))
