from django.db.models import QuerySet

from admin_platform.operator import Operator
from admin_platform.scopes import scoped
from notifications.models import WelcomeAttachment, WelcomeLetter


@scoped(WelcomeLetter)
def letters_in_scope(
    queryset: QuerySet[WelcomeLetter], operator: Operator
) -> QuerySet[WelcomeLetter]:
    """The letter belongs to the organization, not to departments."""
    return queryset.filter(organization=operator.organization_id)


@scoped(WelcomeAttachment)
def attachments_in_scope(
    queryset: QuerySet[WelcomeAttachment], operator: Operator
) -> QuerySet[WelcomeAttachment]:
    return queryset.filter(letter__organization=operator.organization_id)
