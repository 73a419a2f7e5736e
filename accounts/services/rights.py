"""What an operator may do with an account, for its page to offer no more than that."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.errors import AccountProtected
from accounts.models import Account
from accounts.services.protection import refusal
from admin_platform.operator import Operator


@dataclass(frozen=True, slots=True)
class AccountRights:
    """why_not: why nothing may be changed by somebody who otherwise may; "" where it may."""

    change: bool
    password: bool
    status: bool
    move: bool
    delete: bool
    why_not: str = ""


def account_rights(operator: Operator, account: Account) -> AccountRights:
    refused = {f: refusal(account, f"account.{f}", operator) for f in _held(operator)}
    may = {function for function, error in refused.items() if error is None}
    return AccountRights(
        change="change" in may,
        password="password" in may and account.pk != operator.account_id,
        status="status" in may and account.pk != operator.account_id,
        move=_may_move(operator, account),
        delete="delete" in may and account.pk != operator.account_id,
        why_not="" if may else next((str(error) for error in refused.values()), ""),
    )


def _may_move(operator: Operator, account: Account) -> bool:
    """Into and out of departments of one's own one moves whoever else administers the account."""
    memberships = account.memberships.select_related("department")
    if not any(operator.can("account.move", m.department) for m in memberships):
        return False
    return not isinstance(refusal(account, "account.move", operator), AccountProtected)


def _held(operator: Operator) -> list[str]:
    return [f for f in ("change", "password", "status", "delete") if operator.can(f"account.{f}")]
