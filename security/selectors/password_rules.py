"""The password rules of an organization, and when a password stops to hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account
from orgs.models import Organization
from security.models import PasswordRule


def password_rule_of(organization: Organization) -> PasswordRule:
    """The organization's rules; one that never set its own has the defaults, unsaved."""
    try:
        return organization.password_rule
    except PasswordRule.DoesNotExist:
        return PasswordRule(organization=organization)


def password_expires_at(account: Account) -> datetime | None:
    """None for never."""
    days = password_rule_of(account.organization).expiry_days
    return account.password_changed_at + timedelta(days=days) if days else None


def has_expired_password(account: Account) -> bool:
    expires_at = password_expires_at(account)
    return expires_at is not None and expires_at <= timezone.now()


def count_expired(organization: Organization) -> int:
    """How many accounts in use have a password that no longer holds."""
    days = password_rule_of(organization).expiry_days
    if not days:
        return 0
    in_use = Account.objects.filter(
        organization=organization, status=AccountStatus.ACTIVE, deleted_at=None
    )
    return in_use.filter(password_changed_at__lte=timezone.now() - timedelta(days=days)).count()
