from django.db.models import QuerySet

from accounts.models import Account
from admin_platform.operator import Operator
from admin_platform.scopes import scoped
from apps_center.models import BackupRule


@scoped(BackupRule)
def backup_rules_in_scope(
    queryset: QuerySet[BackupRule], operator: Operator
) -> QuerySet[BackupRule]:
    """By the backed-up mailbox; deleted ones, in no department, for who sees the whole."""
    queryset = queryset.filter(backed_up__organization=operator.organization_id)
    if any(span.lft == 1 for span in operator.spans()):
        return queryset
    return queryset.filter(backed_up__in=operator.scope(Account.objects.all()))
