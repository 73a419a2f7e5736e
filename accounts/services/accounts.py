"""Creating accounts and changing what is known of their people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import signals
from accounts.checks import MAX_ALIASES
from accounts.errors import (
    DepartmentMissing,
    DepartmentOutOfScope,
    EmployeeNumberTaken,
    TooManyAliases,
)
from accounts.groups import set_groups
from accounts.models import Account, Address, Mailbox, Membership
from accounts.passwords import check_password_rules, generate_password, hash_generated
from accounts.services.addresses import add_aliases, address_taken, check_domain, take_address
from accounts.services.limits import check_seats, lock_organization
from accounts.services.mailboxes import MailboxSettings, add_mailbox
from accounts.services.protection import check_may_change, check_may_end
from accounts.services.records import record_change
from admin_platform import audit
from admin_platform.name_pinyin import name_pinyin
from admin_platform.operator import Operator
from orgs.models import Department, Domain


@dataclass(frozen=True, slots=True)
class Person:
    """Who an account belongs to, as `checks` returns the values. expires_at: None for never."""

    name: str
    employee_no: str = ""
    mobile: str = ""
    title: str = ""
    expires_at: datetime | None = None

    def as_values(self) -> dict[str, Any]:
        return asdict(self) | {"pinyin": name_pinyin(self.name)}


@dataclass(frozen=True, slots=True)
class Created:
    """A new account, and the password made up for it; "" where one was given."""

    account: Account
    password: str


@transaction.atomic
def create_account(
    *,
    departments: Sequence[Department],
    domain: Domain,
    local_part: str,
    person: Person,
    actor: Operator,
    password: str = "",
    must_change_password: bool = True,
    mailbox: MailboxSettings | None = None,
    aliases: Sequence[str] = (),
    groups: Mapping[str, Collection[str]] | None = None,
) -> Created:
    """Create an account, with mailbox=None as yet without a mailbox.

    departments: of one organization; the first is the primary one. local_part, aliases:
    as `checks` returns them. password: empty to have one made up, which must be changed at
    the first sign-in. groups: provider code to keys (`accounts.groups`).
    Raises DepartmentMissing, DepartmentOutOfScope, DomainNotUsable, AddressTaken,
    AliasTaken, TooManyAliases, EmployeeNumberTaken, PasswordRefused, SeatsExhausted,
    StorageExhausted, ForwardingRefused, and ValidationError for values no check has seen.
    """
    organization = lock_organization(domain.organization_id)
    departments = check_departments(departments, organization.pk, "account.create", actor)
    check_domain(domain, organization.pk)
    check_seats(organization)
    account = Account(
        organization=organization,
        domain=domain,
        local_part=local_part,
        address=f"{local_part}@{domain.name}",
        must_change_password=must_change_password or not password,
        **person.as_values(),
    )
    account.clean_fields(exclude=["organization", "domain", "password"])
    made_up = _set_first_password(account, password)
    _save_new(account, domain, actor)
    _join(account, departments)
    if len(set(aliases)) > MAX_ALIASES:
        raise TooManyAliases(MAX_ALIASES)
    add_aliases(account=account, aliases=list(dict.fromkeys(aliases)), actor=actor)
    made = add_mailbox(account=account, settings=mailbox) if mailbox else None
    _record_creation(account, departments, aliases, mailbox, actor)
    set_groups(account=account, chosen=groups or {}, actor=actor)
    if made:
        signals.mailboxes_created.send(sender=Mailbox, mailbox_ids=[made.pk], actor=actor)
    return Created(account, made_up)


def check_departments(
    departments: Sequence[Department], organization_id: int, function: str, actor: Operator
) -> list[Department]:
    """The departments as they are now, in their order, each once.

    Raises DepartmentMissing for none at all, DepartmentOutOfScope for one that is gone,
    of another organization, or where the actor does not hold the function.
    """
    if not departments:
        raise DepartmentMissing
    current = Department.objects.filter(organization=organization_id).in_bulk(
        [department.pk for department in departments]
    )
    for department in departments:
        if department.pk not in current or not actor.can(function, current[department.pk]):
            raise DepartmentOutOfScope(department.name)
    return [current[pk] for pk in dict.fromkeys(d.pk for d in departments)]


def _set_first_password(account: Account, password: str) -> str:
    """Set the password, or one made up, which is returned."""
    if password:
        check_password_rules(password, account)
        account.password = make_password(password)
        return ""
    made_up = generate_password(account)
    account.password = hash_generated(made_up)
    return made_up


def _save_new(account: Account, domain: Domain, actor: Operator) -> None:
    if Address.objects.filter(address=account.address).exists():
        raise address_taken(account.local_part, domain, actor)
    save_person(account)
    take_address(account=account, local_part=account.local_part, domain=domain, actor=actor)


def save_person(account: Account, update_fields: Sequence[str] | None = None) -> None:
    """Save the account. Raises EmployeeNumberTaken."""
    try:
        with transaction.atomic():
            account.save(update_fields=update_fields)
    except IntegrityError as error:
        if "account_employee_no" in str(error):
            raise EmployeeNumberTaken(account.employee_no) from None
        raise


def _join(account: Account, departments: Sequence[Department]) -> None:
    Membership.objects.bulk_create(
        Membership(account=account, department=department, is_primary=place == 0)
        for place, department in enumerate(departments)
    )


def _record_creation(
    account: Account,
    departments: Sequence[Department],
    aliases: Sequence[str],
    mailbox: MailboxSettings | None,
    actor: Operator,
) -> None:
    known = ("name", "address", "employee_no", "mobile", "title", "expires_at")
    after = {name: getattr(account, name) for name in known if getattr(account, name)}
    after["departments"] = [department.name for department in departments]
    if aliases:
        after["aliases"] = list(aliases)
    after["mailbox"] = mailbox is not None
    audit.record(
        "account.created",
        actor=actor,
        target=account,
        after=after | (mailbox.as_values() if mailbox else {}),
        department_id=departments[0].pk,
    )


@transaction.atomic
def change_account(*, account: Account, person: Person, actor: Operator) -> None:
    """Change name, employee no., mobile, position and expiry.

    Raises EmployeeNumberTaken; OwnAccount and LastAdministrator for an expiry that would
    lock out oneself or everybody.
    """
    lock_organization(account.organization_id)
    account = Account.objects.select_for_update().get(pk=account.pk)
    check_may_change([account], "account.change", actor)
    before, after = audit.changes(account, person.as_values())
    if not after:
        return
    if _ends_earlier(account.expires_at, person.expires_at):
        check_may_end([account], actor, at=person.expires_at)
    for name, value in after.items():
        setattr(account, name, value)
    account.clean_fields(exclude=["organization", "domain", "password"])
    save_person(account, update_fields=[*after, "updated_at"])
    for values in (before, after):
        values.pop("pinyin", None)
    record_change(account, before, after, actor=actor)


def _ends_earlier(before: datetime | None, after: datetime | None) -> bool:
    return after is not None and (before is None or after < before)
