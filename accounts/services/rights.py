"""What an operator may do with an account, for its page to offer no more than that."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account
from accounts.services.protection import refusal
from admin_platform.operator import Operator


@dataclass(frozen=True, slots=True)
class AccountRights:
    """why_not: why nothing may be changed by somebody who otherwise may; "" where it may."""

    change: bool
    password: bool
    status: bool
    why_not: str = ""


def account_rights(operator: Operator, account: Account) -> AccountRights:
    refused = {f: refusal(account, f"account.{f}", operator) for f in _held(operator)}
    may = {function for function, error in refused.items() if error is None}
    return AccountRights(
        change="change" in may,
        password="password" in may and account.pk != operator.account_id,
        status="status" in may,
        why_not="" if may else next((str(error) for error in refused.values()), ""),
    )


def _held(operator: Operator) -> list[str]:
    return [f for f in ("change", "password", "status") if operator.can(f"account.{f}")]
