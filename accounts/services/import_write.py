"""Writing the good rows of an import: departments first, then accounts in chunks.

Each chunk is one transaction with its progress (admin_platform.jobs), so whoever is
killed, a row is in and marked as in, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts import initial_passwords, signals
from accounts.choices import AddressKind
from accounts.errors import DepartmentOutOfScope
from accounts.models import Account, AccountImport, Address, ImportRow, Mailbox, Membership
from accounts.selectors.operators import operator_of_job
from accounts.services.import_check import (
    addresses_of,
    refuse_conflicts,
    rows_per_step,
    write_outcome,
)
from accounts.services.import_passwords import hash_ahead, hash_passwords, within_hashing
from accounts.services.import_rows import FUNCTION
from accounts.services.limits import lock_organization
from accounts.services.mailboxes import new_store_path
from admin_platform import audit, crypto
from admin_platform.copying import copy_rows, take_ids
from admin_platform.jobs import JobRefused, JobStopped, is_cancel_requested
from admin_platform.models import Job
from admin_platform.operator import Operator
from orgs.errors import DepartmentRefused
from orgs.models import Department
from orgs.paths import join_path, split_path
from orgs.selectors.departments import departments_by_path
from orgs.selectors.organizations import mail_domains
from orgs.services.departments import create_department

DEPARTMENTS_PER_STEP = 20


def import_step(job: Job) -> bool:
    """Create some missing departments, or write the next rows. A step of the job."""
    account_import = AccountImport.objects.select_related("organization", "domain").get(
        pk=job.params["import"]
    )
    operator = operator_of_job(job, FUNCTION)
    if account_import.all_or_nothing:
        return _all_at_once(account_import, job, operator)
    if create_departments(account_import, job, operator, DEPARTMENTS_PER_STEP):
        return True
    return _next_rows(account_import, job, operator) or _finish(account_import, operator)


def _all_at_once(account_import: AccountImport, job: Job, operator: Operator) -> bool:
    """Passwords are hashed in steps of their own; then everything is one transaction."""
    if hash_ahead(good_rows(account_import)):
        return True
    while create_departments(account_import, job, operator, DEPARTMENTS_PER_STEP):
        _stop_if_asked(job)
    operator = operator_of_job(job, FUNCTION)
    while _next_rows(account_import, job, operator):
        _stop_if_asked(job)
        if account_import.bad_rows:
            row = account_import.rows.filter(state=ImportRow.State.BAD).order_by("number")[0]
            raise JobRefused(
                _("Nothing was imported. Row %(number)d can no longer go in: %(reason)s")
                % {"number": row.number, "reason": row.problems[-1]["reason"]}
            )
    return _finish(account_import, operator)


def _stop_if_asked(job: Job) -> None:
    if is_cancel_requested(job):
        raise JobStopped


def _finish(account_import: AccountImport, operator: Operator) -> bool:
    account_import.state = AccountImport.State.DONE
    account_import.save(update_fields=["state"])
    audit.record(
        "account.imported",
        actor=operator,
        target=account_import,
        after={"imported": account_import.imported_rows, "not_imported": account_import.bad_rows},
        batch=account_import.batch,
    )
    return False


def good_rows(account_import: AccountImport) -> Any:
    return account_import.rows.filter(state=ImportRow.State.GOOD).order_by("number")


def create_departments(
    account_import: AccountImport, job: Job, operator: Operator, limit: int
) -> bool:
    """Create the next departments that rows need; False when all are there.

    The operator does not know the new ones: its spans of the tree are of before.
    """
    if job.params.get("departments_made"):
        return False
    wanted = [tuple(split_path(path)) for path in account_import.missing_departments]
    known = departments_by_path(account_import.organization) if wanted else {}
    needed = sorted({path[: n + 1] for path in wanted for n in range(len(path))} - known.keys())
    for path in needed[:limit]:
        parent = Department.objects.get(pk=known[path[:-1]])
        try:
            made = create_department(parent=parent, name=path[-1], actor=operator)
        except DepartmentRefused as refusal:
            raise JobRefused(str(refusal)) from None
        known[path] = made.pk
    job.params["departments_made"] = not needed
    return bool(needed)


def _next_rows(account_import: AccountImport, job: Job, operator: Operator) -> bool:
    """Write the next good rows; False when there are none."""
    rows = within_hashing(list(good_rows(account_import)[: rows_per_step(account_import)]))
    if not rows:
        return False
    hash_passwords(rows)
    account_import.organization = lock_organization(account_import.organization_id)
    late = refuse_conflicts(rows, account_import.organization)
    rows, lost = _placed([row for row in rows if row not in late], account_import, operator)
    write_outcome([*late, *lost])
    if rows:
        _write(rows, account_import, operator)
    account_import.imported_rows += len(rows)
    account_import.bad_rows += len(late) + len(lost)
    account_import.save(update_fields=["imported_rows", "bad_rows"])
    job.done += len(rows)
    job.failed += len(late) + len(lost)
    return True


def _placed(
    rows: list[ImportRow], account_import: AccountImport, operator: Operator
) -> tuple[list[ImportRow], list[ImportRow]]:
    """The rows whose department is there and in scope now, and the others, marked as bad."""
    known: dict[tuple[str, ...], int] = {}
    if any("department_path" in row.clean for row in rows):
        known = departments_by_path(account_import.organization)
    for row in rows:
        if "department_path" in row.clean:
            row.clean["department_id"] = known.get(tuple(row.clean["department_path"]))
    departments = Department.objects.filter(organization=account_import.organization)
    in_scope = set(
        operator.at(FUNCTION)
        .scope(departments)
        .filter(pk__in={row.clean["department_id"] for row in rows})
        .values_list("pk", flat=True)
    )
    placed, lost = [], []
    for row in rows:
        if row.clean["department_id"] in in_scope:
            placed.append(row)
            continue
        name = row.values.get("department") or join_path(row.clean.get("department_path", ()))
        row.state = ImportRow.State.BAD
        row.problems = [
            {"column": "department", "value": name, "reason": str(DepartmentOutOfScope(name))}
        ]
        lost.append(row)
    return placed, lost


ACCOUNT_COLUMNS = (
    "local_part", "domain_id", "address", "name", "pinyin", "employee_no", "mobile", "title",
    "expires_at",
)  # fmt: skip


def _write(rows: Sequence[ImportRow], account_import: AccountImport, operator: Operator) -> None:
    """The organization is locked and the rows fit; account, addresses, membership, mailbox."""
    ids = take_ids(Account, len(rows))
    seed = crypto.decrypt(account_import.seed)
    domains = dict(mail_domains(account_import.organization).values_list("name", "pk"))
    copy_rows(
        Account,
        ["id", "organization_id", "password", "must_change_password", *ACCOUNT_COLUMNS],
        (_account(pk, row, seed, account_import) for pk, row in zip(ids, rows, strict=True)),
    )
    copy_rows(
        Address,
        ["address", "local_part", "domain_id", "kind", "account_id"],
        _addresses(ids, rows, domains),
    )
    copy_rows(
        Membership,
        ["account_id", "department_id", "is_primary"],
        ((pk, row.clean["department_id"], True) for pk, row in zip(ids, rows, strict=True)),
    )
    _write_mailboxes(ids, rows, operator)
    _record(ids, rows, account_import, operator)
    for pk, row in zip(ids, rows, strict=True):
        row.account_id, row.state = pk, ImportRow.State.DONE
    _mark_done(rows)


def _account(pk: int, row: ImportRow, seed: str, account_import: AccountImport) -> tuple[Any, ...]:
    clean = row.clean
    encoded = clean.get("password")
    typed = encoded is not None
    if not typed:
        person = clean["address"], clean["name"], clean["pinyin"]
        encoded = initial_passwords.hashed(initial_passwords.derive(seed, *person))
    must_change = account_import.must_change_password or not typed
    own = (clean[column] for column in ACCOUNT_COLUMNS)
    return pk, account_import.organization_id, encoded, must_change, *own


def _addresses(
    ids: Sequence[int], rows: Sequence[ImportRow], domains: dict[str, int]
) -> list[tuple[Any, ...]]:
    lines = []
    for pk, row in zip(ids, rows, strict=True):
        for place, address in enumerate(addresses_of(row)):
            local_part, _at, domain = address.rpartition("@")
            kind = AddressKind.ALIAS if place else AddressKind.PRIMARY
            lines.append((address, local_part, domains[domain], str(kind.value), pk))
    return lines


def _write_mailboxes(ids: Sequence[int], rows: Sequence[ImportRow], operator: Operator) -> None:
    wanted = [(pk, row) for pk, row in zip(ids, rows, strict=True) if row.clean["mailbox"]]
    if not wanted:
        return
    mailbox_ids = take_ids(Mailbox, len(wanted))
    copy_rows(
        Mailbox,
        ["id", "account_id", "quota_bytes", "store_path"],
        (
            (mailbox_id, pk, row.clean["quota_bytes"], new_store_path())
            for mailbox_id, (pk, row) in zip(mailbox_ids, wanted, strict=True)
        ),
    )
    signals.mailboxes_created.send(sender=Mailbox, mailbox_ids=mailbox_ids, actor=operator)


def _record(
    ids: Sequence[int], rows: Sequence[ImportRow], account_import: AccountImport, operator: Operator
) -> None:
    changes = []
    for pk, row in zip(ids, rows, strict=True):
        clean = row.clean
        account = Account(
            pk=pk,
            organization_id=account_import.organization_id,
            name=clean["name"],
            address=clean["address"],
        )
        known = ("name", "address", "employee_no", "mobile", "title", "expires_at", "aliases")
        after = {key: clean[key] for key in known if clean[key]} | {"mailbox": clean["mailbox"]}
        changes.append(audit.Change(account, {}, after, clean["department_id"]))
    audit.record_many("account.created", changes, actor=operator, batch=account_import.batch)


DONE = """
UPDATE accounts_importrow r
SET state = 'done', account_id = v.account_id, problems = '[]',
    values = r.values - 'password', clean = r.clean - 'password'
FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, account_id) WHERE r.id = v.id
"""


def _mark_done(rows: Sequence[ImportRow]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DONE, [[row.pk for row in rows], [row.account_id for row in rows]])
