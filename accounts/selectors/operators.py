"""Who a signed-in account is as an operator."""

from collections import defaultdict

from accounts.models import Account, Grant
from admin_platform.operator import HeldGrant, Operator, Span


def operator_of(account: Account, *, ip: str | None = None) -> Operator:
    """The operator with all grants resolved; two queries."""
    grants = list(Grant.objects.filter(account=account).select_related("role"))
    spans: dict[int, list[Span]] = defaultdict(list)
    through = Grant.departments.through.objects.filter(grant__in=[g.pk for g in grants])
    for grant_id, *numbers in through.values_list(
        "grant_id",
        "department__tree_id",
        "department__lft",
        "department__rght",
        "department_id",
    ):
        spans[grant_id].append(Span(*numbers))
    return Operator(
        account_id=account.pk,
        name=account.name,
        organization_id=account.organization_id,
        ip=ip,
        grants=tuple(
            HeldGrant(frozenset(grant.role.functions), tuple(spans[grant.pk])) for grant in grants
        ),
        role_names=tuple(dict.fromkeys(grant.role.label for grant in grants)),
    )
