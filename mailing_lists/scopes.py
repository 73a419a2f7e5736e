from django.db.models import QuerySet

from admin_platform.operator import Operator
from admin_platform.scopes import scoped
from mailing_lists.models import MailingList


@scoped(MailingList)
def lists_in_scope(queryset: QuerySet[MailingList], operator: Operator) -> QuerySet[MailingList]:
    """Lists belong to the organization, not to departments."""
    return queryset.filter(organization=operator.organization_id)
