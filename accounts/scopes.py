from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account, AccountImport, Deletion, Grant, Mailbox, Membership, Role
from admin_platform.operator import Operator
from admin_platform.scopes import scoped, within


@scoped(Account)
def accounts_in_scope(queryset: QuerySet[Account], operator: Operator) -> QuerySet[Account]:
    """Accounts with a membership, primary or not, in the operator's departments."""
    member = Membership.objects.filter(
        within(operator.spans(), "department__"), account=OuterRef("pk")
    )
    return queryset.filter(Exists(member), organization=operator.organization_id)


@scoped(Mailbox)
def mailboxes_in_scope(queryset: QuerySet[Mailbox], operator: Operator) -> QuerySet[Mailbox]:
    return queryset.filter(account__in=accounts_in_scope(Account.objects.all(), operator))


@scoped(Deletion)
def deletions_in_scope(queryset: QuerySet[Deletion], operator: Operator) -> QuerySet[Deletion]:
    """By the primary department; where that is gone, for who administers the whole."""
    queryset = queryset.filter(account__organization=operator.organization_id)
    spans = operator.spans()
    if any(span.lft == 1 for span in spans):
        return queryset
    return queryset.filter(within(spans, "department__"))


@scoped(Role)
def roles_in_scope(queryset: QuerySet[Role], operator: Operator) -> QuerySet[Role]:
    return queryset.filter(organization=None) | queryset.filter(
        organization=operator.organization_id
    )


@scoped(Grant)
def grants_in_scope(queryset: QuerySet[Grant], operator: Operator) -> QuerySet[Grant]:
    """Grants of members in scope, none of whose departments lies outside of it."""
    queryset = queryset.filter(organization=operator.organization_id)
    spans = operator.spans()
    if any(span.lft == 1 for span in spans):
        return queryset
    given = Grant.departments.through.objects.filter(grant=OuterRef("pk"))
    inside = within(spans, "department__")
    return queryset.filter(
        Exists(given.filter(inside)),
        ~Exists(given.exclude(inside)),
        account__in=accounts_in_scope(Account.objects.all(), operator),
    )


@scoped(AccountImport)
def imports_in_scope(
    queryset: QuerySet[AccountImport], operator: Operator
) -> QuerySet[AccountImport]:
    """One's own; all of the organization for who may import into the whole of it."""
    queryset = queryset.filter(organization=operator.organization_id)
    if operator.can_everywhere("account.import"):
        return queryset
    return queryset.filter(owner_id=operator.account_id, owner_id__isnull=False)
