"""The organization's password rules, for AUTH_PASSWORD_VALIDATORS.

That setting is how they reach the apps below: accounts asks Django's validators, and
these two things beside `validate` (accounts.passwords).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.models import Account
from security.models import PasswordRule
from security.password_rules import broken_rules
from security.selectors.password_rules import password_rule_of


class OrganizationRules:
    def validate(self, password: str, user: Account | None = None) -> None:
        account = user or Account()
        broken = broken_rules(password, account, self._settings(account))
        if broken:
            raise ValidationError([ValidationError(r.text, code=r.code) for r in broken])

    def max_length(self, user: Account) -> int:
        """How long a password may be at most."""
        return self._settings(user).max_length

    def get_help_text(self) -> str:
        return ""

    def _settings(self, account: Account) -> PasswordRule:
        if account.organization_id is None:
            return PasswordRule()
        return password_rule_of(account.organization)
