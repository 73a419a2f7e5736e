"""Who a signed-in account is as an operator."""

from collections import defaultdict
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.models import Account, Grant
from admin_platform.jobs import JobRefused
from admin_platform.models import Job
from admin_platform.operator import HeldGrant, Operator, Span


def operator_of(account: Account, *, ip: str | None = None) -> Operator:
    """The operator with all grants resolved; two queries.

    A grant whose departments are all gone gives nothing.
    """
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
            HeldGrant.of(grant.role.functions, spans[grant.pk])
            for grant in grants
            if grant.pk in spans
        ),
        role_names=tuple(dict.fromkeys(grant.role.label for grant in grants)),
    )


def as_of_now(operator: Operator) -> Operator:
    """The operator with the grants of this moment, for services that hold a lock.

    What the request began with may have been revoked, or the tree renumbered, while it
    waited for the lock.
    """
    if operator.account_id is None:
        return operator
    account = Account.objects.filter(pk=operator.account_id).first()
    grants = operator_of(account).grants if account and account.is_active else ()
    return replace(operator, grants=grants)


def operator_of_job(job: Job, function: str) -> Operator:
    """Who asked for a job, with the grants of this moment. Raises JobRefused without the function.

    Grants may have been revoked since, or the account disabled.
    """
    if job.owner_id is None:
        return Operator.system(organization_id=job.organization_id, name=job.owner_name)
    account = Account.objects.filter(pk=job.owner_id).first()
    if account is None or not account.is_active:
        raise JobRefused(_("%(name)s can no longer sign in.") % {"name": job.owner_name})
    operator = operator_of(account, ip=job.owner_ip).at(function)
    if not operator.can(function):
        raise JobRefused(_("%(name)s no longer has this function.") % {"name": job.owner_name})
    return operator
