"""The default rules for addresses, which hold for every member without own ones."""

from __future__ import annotations

from django.db import models, transaction

from admin_platform import audit
from admin_platform.operator import Operator
from orgs.models import Organization
from security.choices import IpAction
from security.errors import LocksOutActor, RangeTaken, TooManyRanges, WholeOrganizationOnly
from security.models import IpRule
from security.ranges import AddressRange
from security.selectors.networks import network_refuses

MAX_DEFAULT_RULES = 200


@transaction.atomic
def create_ip_rule(
    *,
    organization_id: int,
    range: AddressRange,
    action: IpAction,
    note: str = "",
    confirmed: bool = False,
    actor: Operator,
) -> IpRule:
    """confirmed: the actor knows that the rule may keep him or her out.

    Raises RangeTaken, TooManyRanges, LocksOutActor.
    """
    _check_whole_organization(organization_id, actor)
    rule = IpRule(organization_id=organization_id)
    if _default_rules(organization_id).count() >= MAX_DEFAULT_RULES:
        raise TooManyRanges(MAX_DEFAULT_RULES)
    _write(rule, range, action, note)
    audit.record("ip_rule.created", actor=actor, target=rule, after=_values(rule))
    check_not_locked_out(actor, confirmed=confirmed)
    return rule


@transaction.atomic
def change_ip_rule(
    *,
    rule: IpRule,
    range: AddressRange,
    action: IpAction,
    note: str,
    confirmed: bool = False,
    actor: Operator,
) -> None:
    _check_whole_organization(rule.organization_id, actor)
    before = _values(rule)
    _write(rule, range, action, note)
    audit.record("ip_rule.changed", actor=actor, target=rule, before=before, after=_values(rule))
    check_not_locked_out(actor, confirmed=confirmed)


@transaction.atomic
def delete_ip_rule(*, rule: IpRule, confirmed: bool = False, actor: Operator) -> None:
    _check_whole_organization(rule.organization_id, actor)
    audit.record("ip_rule.deleted", actor=actor, target=rule, before=_values(rule))
    rule.delete()
    check_not_locked_out(actor, confirmed=confirmed)


def check_not_locked_out(actor: Operator, *, confirmed: bool) -> None:
    """Raises LocksOutActor where the change just written refuses the actor's own address.

    The last thing in a transaction: what is asked is what will be enforced, and the
    refusal takes the change back.
    """
    if confirmed or actor.account_id is None:
        return
    if network_refuses(actor.account_id, actor.ip):
        raise LocksOutActor(actor.ip or "")


def _check_whole_organization(organization_id: int, actor: Operator) -> None:
    """Also holds the organization: of two administrators at once the second sees the first."""
    if not actor.can_everywhere("ip_rule.manage"):
        raise WholeOrganizationOnly
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _write(rule: IpRule, range: AddressRange, action: IpAction, note: str) -> None:
    rule.first, rule.last = str(range.first), str(range.last)
    same = _default_rules(rule.organization_id).filter(first=rule.first, last=rule.last)
    if same.exclude(pk=rule.pk).exists():
        raise RangeTaken(str(range))
    rule.action, rule.note = action, note
    rule.save()


def _default_rules(organization_id: int) -> models.QuerySet[IpRule]:
    return IpRule.objects.filter(organization=organization_id, policy=None)


def _values(rule: IpRule) -> dict[str, str]:
    return {"range": str(rule.range), "action": rule.action, "note": rule.note}
