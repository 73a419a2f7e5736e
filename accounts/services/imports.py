"""Importing accounts from a file (manual, 4.2②): upload, decide, download what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePath

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import initial_passwords
from accounts.errors import AccountRefused, DepartmentOutOfScope, DomainNotUsable
from accounts.models import Account, AccountImport, ImportRow
from accounts.models.account_import import DROPPED
from accounts.passwords import longest_password
from accounts.services.import_check import forget_outcome
from accounts.services.import_files import drop_file
from accounts.services.import_rows import FUNCTION
from admin_platform import audit, crypto, jobs
from admin_platform.operator import Operator
from orgs.models import Department, Domain

CHECK_KIND, IMPORT_KIND = "accounts.import_check", "accounts.import"
PASSWORDS_KEPT_FOR = timedelta(hours=24)
ROWS_KEPT_FOR = timedelta(days=30)


class ImportNotReady(AccountRefused):
    """The import is not in the state for this: somebody else decided, or it is under way."""

    def __init__(self) -> None:
        super().__init__(_("This import has moved on meanwhile. Look at its present state."))


@transaction.atomic
def start_import(
    *,
    file: File[bytes],
    domain: Domain,
    actor: Operator,
    department: Department | None = None,
    create_departments: bool = False,
    must_change_password: bool = True,
) -> AccountImport:
    """Keep an uploaded file and have it checked. Raises DomainNotUsable, DepartmentOutOfScope."""
    if domain.organization_id != actor.organization_id or domain.alias_of_id:
        raise DomainNotUsable(domain.name)
    if department is not None and not actor.can(FUNCTION, department):
        raise DepartmentOutOfScope(department.name)
    account_import = AccountImport.objects.create(
        organization_id=domain.organization_id,
        owner_id=actor.account_id,
        owner_name=actor.name,
        domain=domain,
        department=department,
        create_departments=create_departments,
        must_change_password=must_change_password,
        file=file,
        file_name=PurePath(file.name or "").name[:255],
    )
    _run(account_import, CHECK_KIND, actor)
    return account_import


def _run(account_import: AccountImport, kind: str, actor: Operator, total: int = 0) -> None:
    params = {"import": account_import.pk}
    account_import.job = jobs.enqueue(
        kind,
        actor=actor,
        params=params,
        total=total,
        organization_id=account_import.organization_id,
    )
    account_import.save()


def _locked(account_import: AccountImport, *states: AccountImport.State) -> AccountImport:
    """Raises ImportNotReady where the import is in none of the states."""
    found = AccountImport.objects.select_for_update().get(pk=account_import.pk)
    if found.state not in states:
        raise ImportNotReady
    return found


@transaction.atomic
def confirm_import(
    *, account_import: AccountImport, actor: Operator, all_or_nothing: bool = False
) -> None:
    """Have the good rows imported; with all_or_nothing only if no row is bad, and in one go.

    Raises ImportNotReady.
    """
    account_import = _locked(account_import, AccountImport.State.CHECKED)
    if not account_import.good_rows or (all_or_nothing and account_import.bad_rows):
        raise ImportNotReady
    account_import.all_or_nothing = all_or_nothing
    account_import.state = AccountImport.State.IMPORTING
    if not account_import.has_passwords:
        account_import.seed = crypto.encrypt(_new_seed(account_import))
    account_import.secrets_until = timezone.now() + PASSWORDS_KEPT_FOR
    _run(account_import, IMPORT_KIND, actor, account_import.good_rows)


def _new_seed(account_import: AccountImport) -> str:
    someone = Account(organization=account_import.organization)
    return initial_passwords.new_seed(longest_password(someone))


@transaction.atomic
def recheck_import(*, account_import: AccountImport, actor: Operator) -> None:
    """Check the rows that are not in once more: departments, seats or addresses have changed."""
    States = AccountImport.State  # noqa: N806
    account_import = _locked(account_import, States.CHECKED, States.IMPORTING, States.DONE)
    if account_import.job and not account_import.job.is_finished:
        raise ImportNotReady
    forget_outcome(account_import)
    account_import.state = States.CHECKING
    account_import.bad_rows = 0
    _run(account_import, CHECK_KIND, actor, account_import.good_rows)


@transaction.atomic
def discard_import(*, account_import: AccountImport, actor: Operator) -> None:
    """Give up an import of which nothing is in yet. Raises ImportNotReady."""
    States = AccountImport.State  # noqa: N806
    account_import = _locked(account_import, States.CHECKING, States.CHECKED)
    if account_import.job and not account_import.job.is_finished:
        jobs.cancel(job=account_import.job, actor=actor)
    account_import.state = States.DISCARDED
    drop_file(account_import)
    account_import.save()


@transaction.atomic
def download_passwords(
    *, account_import: AccountImport, actor: Operator
) -> Iterator[tuple[str, str, str]]:
    """(name, address, initial password) of the accounts that still have it. Leaves a record."""
    if not account_import.has_passwords:
        raise ImportNotReady
    audit.record(
        "account.initial_passwords_downloaded",
        actor=actor,
        target=account_import,
        batch=account_import.batch,
    )
    return _passwords(account_import)


def _passwords(account_import: AccountImport) -> Iterator[tuple[str, str, str]]:
    seed = crypto.decrypt(account_import.seed)
    done = account_import.rows.filter(state=ImportRow.State.DONE, account_id__isnull=False)
    numbers = done.order_by("number").values_list(
        "account_id", "clean__address", "clean__name", "clean__pinyin"
    )
    start, size = 0, 2000
    while part := list(numbers[start : start + size]):
        start += size
        accounts = Account.objects.in_bulk([pk for pk, *_person in part])
        for pk, *person in part:
            account = accounts.get(pk)
            password = initial_passwords.derive(seed, *person)
            if account and initial_passwords.still_valid(password, account.password):
                yield account.name, account.address, password


@transaction.atomic
def forget_passwords(*, account_import: AccountImport, actor: Operator) -> None:
    """Drop what the initial passwords are derived from, before the day is over."""
    account_import.seed, account_import.secrets_until = "", None
    account_import.save(update_fields=["seed", "secrets_until"])
    audit.record(
        "account.initial_passwords_forgotten",
        actor=actor,
        target=account_import,
        batch=account_import.batch,
    )


def tidy_imports() -> None:
    """Drop seeds whose time is over, passwords of old uploads, and rows nobody needs any more."""
    now = timezone.now()
    over = AccountImport.objects.filter(secrets_until__lt=now).exclude(seed="")
    finished = AccountImport.State.DONE, AccountImport.State.DISCARDED
    over.filter(state__in=finished).update(seed="", secrets_until=None)
    old = ImportRow.objects.filter(account_import__created_at__lt=now - PASSWORDS_KEPT_FOR)
    typed = old.filter(values__has_key="password").exclude(values__password=DROPPED)
    for row in typed.iterator(2000):
        row.values["password"] = DROPPED
        row.clean.pop("password", None)
        row.save(update_fields=["values", "clean"])
    ImportRow.objects.filter(account_import__created_at__lt=now - ROWS_KEPT_FOR).delete()
