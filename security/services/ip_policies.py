"""A member's own rules for addresses, which stand in for the default ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from admin_platform.operator import Operator
from security.choices import IpAction
from security.errors import MemberHasRules
from security.models import IpPolicy, IpRule
from security.ranges import AddressRange
from security.services.ip_rules import check_not_locked_out

MANAGE = "ip_rule.manage"


@dataclass(frozen=True, slots=True)
class MemberRules:
    """elsewhere: what holds for an address in none of the ranges."""

    allowed: Sequence[AddressRange]
    denied: Sequence[AddressRange]
    elsewhere: IpAction

    @property
    def values(self) -> dict[str, object]:
        """As the audit record has them."""
        return {
            "allowed": [str(range) for range in self.allowed],
            "denied": [str(range) for range in self.denied],
            "elsewhere": self.elsewhere,
        }


def rules_of(policy: IpPolicy) -> MemberRules:
    """As they are stored, in the order in which they were entered."""
    rules = sorted(policy.rules.all(), key=lambda rule: rule.pk)
    return MemberRules(
        [rule.range for rule in rules if rule.action == IpAction.ALLOW],
        [rule.range for rule in rules if rule.action == IpAction.DENY],
        IpAction(policy.elsewhere),
    )


@transaction.atomic
def create_ip_policies(
    *, accounts: Sequence[Account], rules: MemberRules, confirmed: bool = False, actor: Operator
) -> None:
    """Give each of the members the same rules of his or her own.

    Raises MemberHasRules, LocksOutActor, and what check_may_change does.
    """
    accounts = _held(accounts)
    check_may_change(accounts, MANAGE, actor)
    taken = IpPolicy.objects.filter(account__in=accounts).select_related("account").first()
    if taken is not None:
        raise MemberHasRules(taken.account.address)
    for account in accounts:
        policy = IpPolicy.objects.create(
            organization_id=account.organization_id, account=account, elsewhere=rules.elsewhere
        )
        _write_ranges(policy, rules)
        record_change(account, {}, rules.values, actor=actor, action="ip_policy.created")
    check_not_locked_out(actor, confirmed=confirmed)


@transaction.atomic
def change_ip_policy(
    *, policy: IpPolicy, rules: MemberRules, confirmed: bool = False, actor: Operator
) -> None:
    (account,) = _held([policy.account])
    check_may_change([account], MANAGE, actor)
    before = rules_of(policy)
    policy.elsewhere, policy.changed_at = rules.elsewhere, timezone.now()
    policy.save(update_fields=["elsewhere", "changed_at"])
    policy.rules.all().delete()
    _write_ranges(policy, rules)
    record_change(account, before.values, rules.values, actor=actor, action="ip_policy.changed")
    check_not_locked_out(actor, confirmed=confirmed)


@transaction.atomic
def delete_ip_policy(*, policy: IpPolicy, confirmed: bool = False, actor: Operator) -> None:
    """From then on the default rules hold for the member."""
    (account,) = _held([policy.account])
    check_may_change([account], MANAGE, actor)
    record_change(account, rules_of(policy).values, {}, actor=actor, action="ip_policy.deleted")
    policy.delete()
    check_not_locked_out(actor, confirmed=confirmed)


def _held(accounts: Sequence[Account]) -> list[Account]:
    """The accounts, locked in one order: two people writing rules for a member take turns."""
    wanted = [account.pk for account in accounts]
    return list(Account.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))


def _write_ranges(policy: IpPolicy, rules: MemberRules) -> None:
    IpRule.objects.bulk_create(
        IpRule(
            organization_id=policy.organization_id,
            policy=policy,
            first=str(range.first),
            last=str(range.last),
            size=range.size,
            action=action,
        )
        for action, ranges in ((IpAction.ALLOW, rules.allowed), (IpAction.DENY, rules.denied))
        for range in ranges
    )
