from django.db.models import Q, QuerySet

from accounts.models import Account
from accounts.scopes import accounts_in_scope
from admin_platform.operator import Operator
from admin_platform.scopes import scoped
from security.models import (
    DkimKey,
    IpPolicy,
    IpRule,
    Lockout,
    LockoutExemption,
    PasswordRule,
    SpamListEntry,
)


@scoped(Lockout)
def lockouts_in_scope(queryset: QuerySet[Lockout], operator: Operator) -> QuerySet[Lockout]:
    accounts = accounts_in_scope(Account.objects.all(), operator)
    return queryset.filter(organization=operator.organization_id, account__in=accounts)


@scoped(LockoutExemption)
def exemptions_in_scope(
    queryset: QuerySet[LockoutExemption], operator: Operator
) -> QuerySet[LockoutExemption]:
    """The allow list holds for the whole organization; whoever sees the page sees it."""
    return queryset.filter(organization=operator.organization_id)


@scoped(IpPolicy)
def ip_policies_in_scope(queryset: QuerySet[IpPolicy], operator: Operator) -> QuerySet[IpPolicy]:
    accounts = accounts_in_scope(Account.objects.all(), operator)
    return queryset.filter(organization=operator.organization_id, account__in=accounts)


@scoped(IpRule)
def ip_rules_in_scope(queryset: QuerySet[IpRule], operator: Operator) -> QuerySet[IpRule]:
    """The default rules, which hold for all; of members' rules those of accounts in scope."""
    policies = ip_policies_in_scope(IpPolicy.objects.all(), operator)
    own = Q(policy=None) | Q(policy__in=policies)
    return queryset.filter(own, organization=operator.organization_id)


@scoped(PasswordRule)
def password_rules_in_scope(
    queryset: QuerySet[PasswordRule], operator: Operator
) -> QuerySet[PasswordRule]:
    """The rules belong to the organization, not to departments."""
    return queryset.filter(organization=operator.organization_id)


@scoped(DkimKey)
def dkim_keys_in_scope(queryset: QuerySet[DkimKey], operator: Operator) -> QuerySet[DkimKey]:
    return queryset.filter(domain__organization=operator.organization_id)


@scoped(SpamListEntry)
def spam_list_in_scope(
    queryset: QuerySet[SpamListEntry], operator: Operator
) -> QuerySet[SpamListEntry]:
    """The lists belong to the organization, not to departments."""
    return queryset.filter(organization=operator.organization_id)
