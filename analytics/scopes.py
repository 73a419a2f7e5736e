from django.db.models import Q, QuerySet

from accounts.models import Account
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from admin_platform.scopes import scoped, within
from mail_server.models import DailyVolume, MessageEvent
from orgs.models import Department
from security.models import SignInRecord

# The mail of so many accounts an index finds, account by account. That of more is a good part
# of the organization's, and found soonest by going through its time.
FEW = 1000


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


@scoped(SignInRecord)
def sign_ins_in_scope(
    queryset: QuerySet[SignInRecord], operator: Operator
) -> QuerySet[SignInRecord]:
    """The organization's: for whoever's scope is the whole tree also attempts at addresses of
    its domains that do not exist, else those at the accounts of the own departments."""
    own = queryset.filter(organization_id=operator.organization_id)
    if operator.can_everywhere(operator.function):
        return own
    return own.filter(account__in=operator.scope(Account.objects.all()))


@scoped(MessageEvent)
def events_in_scope(queryset: QuerySet[MessageEvent], operator: Operator) -> QuerySet[MessageEvent]:
    """The organization's: all for whoever's scope is the whole tree, else those of messages
    from or to the accounts of the own departments."""
    own = queryset.filter(organization_id=operator.organization_id)
    if operator.can_everywhere(operator.function):
        return own
    accounts = operator.scope(Account.objects.all())
    ids = list(accounts.values_list("pk", flat=True)[: FEW + 1])
    whose = ids if len(ids) <= FEW else accounts
    return own.filter(Q(sender_account__in=whose) | Q(recipient_account__in=whose))


@scoped(DailyVolume)
def volumes_in_scope(queryset: QuerySet[DailyVolume], operator: Operator) -> QuerySet[DailyVolume]:
    """Of the organization and all its accounts, or of the accounts of the own departments."""
    own = queryset.filter(organization_id=operator.organization_id or 0)
    if operator.can_everywhere(operator.function):
        return own
    return own.filter(account__in=operator.scope(Account.objects.all()))
