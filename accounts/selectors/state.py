"""All that the edit form shows of an account, in plain values.

The values are named like the form's fields and can be sent along as JSON: they are what
the form begins with, what it is compared with when it comes back, and what is saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from accounts import groups
from accounts.checks import last_day
from accounts.choices import ReceiveScope, SendScope
from accounts.models import Account, Mailbox
from accounts.selectors.addresses import alias_addresses
from admin_platform.operator import Operator

State = dict[str, Any]

PROTOCOLS = ("web", "imap", "pop3", "smtp")
GROUPS_PREFIX = "groups_"
# Their order says nothing.
SETS = {"aliases", "protocols"}


def account_state(account: Account, operator: Operator) -> State:
    """departments: of the operator's scope alone, the primary one first; see `comparable`."""
    return {
        name: comparable(name, value)
        for name, value in {
            **_person(account),
            "departments": _departments(account, operator),
            "aliases": alias_addresses(account),
            **_mailbox(account),
            **_groups(account, operator),
        }.items()
    }


def comparable(name: str, value: Any) -> Any:
    """A value in the one form in which two can be compared: as JSON gives it back."""
    if isinstance(value, date):
        return value.isoformat()
    if name == "departments":
        return [_id(department) for department in value]
    if name in SETS or name.startswith(GROUPS_PREFIX):
        return sorted(str(one) for one in value)
    if isinstance(value, list | tuple):
        return list(value)
    return "" if value is None else _id(value)


def _id(value: Any) -> Any:
    return getattr(value, "pk", value)


def _person(account: Account) -> State:
    time_zone = account.organization.time_zone
    return {
        **{n: getattr(account, n) for n in ("name", "employee_no", "mobile", "title", "status")},
        "local_part": account.local_part,
        "domain": account.domain_id,
        "expires_on": _day(account.expires_at, time_zone),
        "frozen_until": _day(account.frozen_until, time_zone),
    }


def _day(moment: datetime | None, time_zone: str) -> date | None:
    return last_day(moment, time_zone) if moment else None


def _departments(account: Account, operator: Operator) -> Iterable[int]:
    memberships = account.memberships.select_related("department").order_by("-is_primary", "pk")
    return [m.department_id for m in memberships if operator.can("account.move", m.department)]


def _mailbox(account: Account) -> State:
    """Without a mailbox, what a new one would begin with."""
    found = Mailbox.objects.filter(account=account).first()
    mailbox = found or Mailbox(
        quota_bytes=account.organization.default_quota_bytes,
        send_scope=SendScope.ALL,
        receive_scope=ReceiveScope.ALL,
    )
    names = ("send_scope", "receive_scope", "forwarding_allowed", "forward_to", "keep_copy")
    return {
        "create_mailbox": found is not None,
        "quota": mailbox.quota_bytes,
        "protocols": [name for name in PROTOCOLS if getattr(mailbox, f"{name}_enabled")],
        **{name: getattr(mailbox, name) for name in names},
    }


def _groups(account: Account, operator: Operator) -> State:
    state: State = {}
    for provider in groups.providers():
        if choices := provider.choices(operator):
            joined = set(provider.joined(account)) & {choice.key for choice in choices}
            state[GROUPS_PREFIX + provider.code] = joined
    return state
