from django.db.models import QuerySet

from admin_platform.operator import Operator
from admin_platform.scopes import scoped
from security.models import PasswordRule


@scoped(PasswordRule)
def password_rules_in_scope(
    queryset: QuerySet[PasswordRule], operator: Operator
) -> QuerySet[PasswordRule]:
    """The rules belong to the organization, not to departments."""
    return queryset.filter(organization=operator.organization_id)
