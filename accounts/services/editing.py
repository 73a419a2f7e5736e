"""Editing everything of an account at once, without undoing what others have done meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.checks import end_of_day
from accounts.choices import AccountStatus
from accounts.errors import EditConflict
from accounts.groups import set_groups
from accounts.models import Account
from accounts.selectors.history import last_change_by
from accounts.selectors.state import GROUPS_PREFIX, PROTOCOLS, State, account_state
from accounts.services.accounts import Person, change_account
from accounts.services.addresses import change_address, set_aliases
from accounts.services.departments import set_departments
from accounts.services.limits import lock_organization
from accounts.services.mailboxes import MailboxSettings, change_mailbox, create_mailbox
from accounts.services.protection import check_may_change
from accounts.services.status import StatusChange, set_status
from admin_platform.operator import Operator
from orgs.models import Department, Domain

PERSON = {"name", "employee_no", "mobile", "title", "expires_on"}
ADDRESS = {"local_part", "domain"}
STATUS = {"status", "frozen_until"}
MAILBOX = {
    "quota",
    "send_scope",
    "receive_scope",
    "protocols",
    "forwarding_allowed",
    "forward_to",
    "keep_copy",
}


@transaction.atomic
def edit_account(
    *, account: Account, wanted: State, seen: State, keep_old_address: bool, actor: Operator
) -> None:
    """Bring the account to the wanted state (`accounts.selectors.state`).

    seen: the state that the form showed. What was left as it was shown is not written,
    and what somebody else has changed since is not written over. Each part leaves the
    record of its own service. Raises EditConflict, and what those services raise.
    """
    lock_organization(account.organization_id)
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    check_may_change([account], "account.change", actor)
    current = account_state(account, actor)
    state = current | _changes(account, wanted, seen, current)
    touched = {name for name in state if state[name] != current[name]}
    if touched & PERSON:
        _change_person(account, state, touched, actor)
    if touched & {*ADDRESS, "aliases"}:
        _change_addresses(account, state, keep_old_address, actor)
    if state["create_mailbox"]:
        _change_mailbox(account, state, current, touched, actor)
    chosen = {n.removeprefix(GROUPS_PREFIX): state[n] for n in touched if _is_group(n)}
    set_groups(account=account, chosen=chosen, actor=actor)
    if touched & STATUS:
        _change_status(account, state, touched, actor)
    # The last one, for it may put the account where the actor has fewer rights.
    if "departments" in touched:
        _change_departments(account, state["departments"], actor)


def _changes(account: Account, wanted: State, seen: State, current: State) -> State:
    """What the form changed. Raises EditConflict where somebody else did since."""
    changed = {name: value for name, value in wanted.items() if value != seen.get(name)}
    lost = [n for n, v in changed.items() if current[n] not in (seen.get(n), v)]
    if lost:
        raise EditConflict(lost, current, who=last_change_by(account))
    return changed


def _is_group(name: str) -> bool:
    return name.startswith(GROUPS_PREFIX)


def _change_person(
    account: Account, state: State, touched: Collection[str], actor: Operator
) -> None:
    expires_at = account.expires_at
    if "expires_on" in touched:
        expires_at = _end_of(state["expires_on"], account)
    person = Person(
        name=state["name"],
        employee_no=state["employee_no"],
        mobile=state["mobile"],
        title=state["title"],
        expires_at=expires_at,
    )
    change_account(account=account, person=person, actor=actor)


def _end_of(day: str, account: Account) -> datetime | None:
    zone = account.organization.time_zone
    return end_of_day(date.fromisoformat(day), zone) if day else None


def _change_addresses(
    account: Account, state: State, keep_old_address: bool, actor: Operator
) -> None:
    domain = Domain.objects.get(pk=state["domain"])
    new = f"{state['local_part']}@{domain.name}"
    aliases = [alias for alias in state["aliases"] if alias != new]
    if new != account.address:
        change_address(
            account=account,
            local_part=state["local_part"],
            domain=domain,
            keep_alias=keep_old_address,
            actor=actor,
        )
        aliases += [account.address] if keep_old_address else []
    set_aliases(account=account, aliases=aliases, actor=actor)


def _change_mailbox(
    account: Account, state: State, current: State, touched: Collection[str], actor: Operator
) -> None:
    settings = MailboxSettings(
        quota_bytes=state["quota"],
        send_scope=state["send_scope"],
        receive_scope=state["receive_scope"],
        **{f"{name}_enabled": name in state["protocols"] for name in PROTOCOLS},
        forwarding_allowed=state["forwarding_allowed"],
        forward_to=tuple(state["forward_to"]),
        keep_copy=state["keep_copy"],
    )
    if not current["create_mailbox"]:
        create_mailbox(account=account, settings=settings, actor=actor)
    elif not MAILBOX.isdisjoint(touched):
        change_mailbox(account=account, settings=settings, actor=actor)


def _change_status(
    account: Account, state: State, touched: Collection[str], actor: Operator
) -> None:
    frozen_until = account.frozen_until
    if "frozen_until" in touched:
        frozen_until = _end_of(state["frozen_until"], account)
    change = StatusChange(AccountStatus(state["status"]), frozen_until=frozen_until)
    set_status(account_ids=[account.pk], change=change, actor=actor)


def _change_departments(account: Account, ids: list[int], actor: Operator) -> None:
    departments = Department.objects.in_bulk(ids)
    set_departments(
        account_ids=[account.pk],
        departments=[departments[pk] for pk in ids if pk in departments],
        actor=actor,
    )
