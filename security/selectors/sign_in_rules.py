"""Who needs a second factor, and how long sessions last."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Account
from admin_platform.operator import Operator
from orgs.models import Organization
from security.choices import SecondFactorFor
from security.models import MemberSession, SecondFactor, SignInRule


def sign_in_rule_of(organization: Organization) -> SignInRule:
    """The organization's rule; one that never set its own has the defaults, unsaved."""
    try:
        return organization.sign_in_rule
    except SignInRule.DoesNotExist:
        return SignInRule(organization=organization)


def has_second_factor(account: Account) -> bool:
    return hasattr(account, "second_factor")


def asks_second_step(account_id: int) -> bool:
    """Whether a right password is only half of signing in by browser."""
    return SecondFactor.objects.filter(user=account_id).exists()


def needs_second_factor(account: Account, operator: Operator) -> bool:
    """Whether the account must have one. operator: the account's own."""
    rule = sign_in_rule_of(account.organization)
    if rule.second_factor_for == SecondFactorFor.ADMINISTRATORS:
        return account.is_staff or operator.has_console
    return rule.second_factor_for == SecondFactorFor.EVERYBODY


def session_ends_at(session: MemberSession, rule: SignInRule) -> datetime:
    """When it is over if nothing more is done in it."""
    end = session.started_at + timedelta(hours=rule.session_hours)
    if rule.idle_minutes is None:
        return end
    return min(end, session.last_seen_at + timedelta(minutes=rule.idle_minutes))


def needs_app_passwords(account: Account) -> bool:
    """Whether mail clients of the account need one; the SQL function mp_needs_app_password."""
    rule = sign_in_rule_of(account.organization)
    return has_second_factor(account) or rule.clients_apart
