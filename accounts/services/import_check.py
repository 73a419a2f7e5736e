"""Checking an import: each row by itself, then all of them against one another and the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import AddressTaken, EmployeeNumberTaken, SeatsExhausted, StorageExhausted
from accounts.models import Account, AccountImport, Address, ImportRow
from accounts.selectors.operators import operator_of_job
from accounts.services.import_files import stage
from accounts.services.import_rows import FUNCTION, Context, check_row
from accounts.services.limits import storage_left
from admin_platform.models import Job
from orgs.models import Organization
from orgs.paths import join_path
from orgs.selectors.organizations import seats_used

# At most; of a smaller file a fifth, so that one sees it move.
ROWS_PER_STEP = 2000
STEPS_SEEN, ROWS_WORTH_A_STEP = 5, 50
ASKED_AT_ONCE = 10_000

Problem = dict[str, str]


def rows_per_step(account_import: AccountImport) -> int:
    """How many rows one step takes, the shorter the fewer there are."""
    share = account_import.total_rows // STEPS_SEEN
    return min(ROWS_PER_STEP, max(ROWS_WORTH_A_STEP, share))


def check_step(job: Job) -> bool:
    """Read the file; check the next rows; at last compare them. A step of the job."""
    account_import = AccountImport.objects.select_related("organization", "domain").get(
        pk=job.params["import"]
    )
    if account_import.file:
        more = stage(account_import)
        job.total = account_import.total_rows
        return more
    new = account_import.rows.filter(state=ImportRow.State.NEW).order_by("number")
    rows = list(new[: rows_per_step(account_import)])
    if rows:
        _check(rows, Context.of(account_import, operator_of_job(job, FUNCTION)), job)
        return True
    _compare(account_import)
    job.failed = account_import.bad_rows
    job.done = job.total - job.failed
    return False


def _check(rows: Sequence[ImportRow], context: Context, job: Job) -> None:
    for row in rows:
        check = check_row(row, context)
        row.clean, row.problems = check.clean, check.problems
        row.state = ImportRow.State.BAD if check.problems else ImportRow.State.GOOD
        if check.problems:
            job.failed += 1
        else:
            job.done += 1
    write_outcome(rows)


UPDATE = """
UPDATE accounts_importrow r SET state = v.state, problems = v.problems, clean = v.clean
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::jsonb[]) AS v(id, state, problems, clean)
WHERE r.id = v.id
"""


def write_outcome(rows: Sequence[ImportRow]) -> None:
    """State, problems and clean values of rows, in one statement."""
    columns: list[Any] = [
        [row.pk for row in rows],
        [str(row.state) for row in rows],
        [json.dumps(row.problems, ensure_ascii=False) for row in rows],
        [json.dumps(row.clean, ensure_ascii=False) for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, columns)


def _compare(account_import: AccountImport) -> None:
    """What only shows across rows and against what exists; then the import waits for a decision."""
    rows = list(
        account_import.rows.filter(state=ImportRow.State.GOOD).order_by("number").defer("marks")
    )
    touched = refuse_conflicts(rows, account_import.organization)
    write_outcome(touched)
    good = [row for row in rows if row.state == ImportRow.State.GOOD]
    account_import.missing_departments = missing_departments(good)
    account_import.bad_rows = account_import.rows.filter(state=ImportRow.State.BAD).count()
    account_import.state = AccountImport.State.CHECKED
    account_import.save()


def refuse_conflicts(rows: Sequence[ImportRow], organization: Organization) -> list[ImportRow]:
    """Mark the rows that cannot go in beside the others; which ones. The rows are in order."""
    problems: dict[int, list[Problem]] = {}

    def refuse(row: ImportRow, column: str, value: str, reason: str) -> None:
        problem = {"column": column, "value": value, "reason": reason}
        problems.setdefault(row.pk, []).append(problem)

    _refuse_taken(rows, organization, refuse)
    _refuse_beyond_limits([row for row in rows if row.pk not in problems], organization, refuse)
    touched = [row for row in rows if row.pk in problems]
    for row in touched:
        row.problems = [*row.problems, *problems[row.pk]]
        row.state = ImportRow.State.BAD
    return touched


def _refuse_taken(rows: Sequence[ImportRow], organization: Organization, refuse: Any) -> None:
    taken = _existing(
        Address.objects.all(), "address", (a for row in rows for a in addresses_of(row))
    )
    numbers = _existing(
        Account.objects.filter(organization=organization),
        "employee_no",
        (row.clean["employee_no"] for row in rows if row.clean["employee_no"]),
    )
    first: dict[str, int] = {}
    for row in rows:
        for place, address in enumerate(addresses_of(row)):
            column = "aliases" if place else "account"
            if address in taken:
                refuse(row, column, address, str(AddressTaken(address)))
            elif (number := first.setdefault(address, row.number)) != row.number or (
                place and address == row.clean["address"]
            ):
                refuse(row, column, address, _in_row(number))
        employee_no = row.clean["employee_no"]
        if employee_no in numbers:
            refuse(row, "employee_no", employee_no, str(EmployeeNumberTaken(employee_no)))
        elif employee_no:
            # No address has a blank, so the two kinds of keys cannot meet.
            number = first.setdefault(f"no {employee_no}", row.number)
            if number != row.number:
                refuse(row, "employee_no", employee_no, _in_row(number))


def _in_row(number: int) -> str:
    return _("Row %(number)d has it already.") % {"number": number}


def addresses_of(row: ImportRow) -> list[str]:
    """The primary address and the aliases of a row."""
    return [row.clean["address"], *row.clean["aliases"]]


def _existing(queryset: Any, column: str, values: Iterable[str]) -> set[str]:
    wanted, found = list(values), set()
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        part = wanted[start : start + ASKED_AT_ONCE]
        found |= set(queryset.filter(**{f"{column}__in": part}).values_list(column, flat=True))
    return found


def _refuse_beyond_limits(rows: list[ImportRow], organization: Organization, refuse: Any) -> None:
    seats = organization.seats - seats_used(organization)
    left = storage_left(organization)
    for row in rows:
        quota = row.clean["quota_bytes"] if row.clean["mailbox"] else None
        if seats <= 0:
            refuse(row, "account", row.clean["address"], str(SeatsExhausted(organization.seats)))
        elif left is not None and quota is not None and (not quota or quota > left):
            refusal = StorageExhausted(max(0, left) if quota else None)
            refuse(row, "quota", str(row.values.get("quota", "")), str(refusal))
        else:
            seats -= 1
            left = left - (quota or 0) if left is not None else None


def missing_departments(rows: Iterable[ImportRow]) -> list[str]:
    """The paths of departments that would have to be created."""
    paths = (row.clean["department_path"] for row in rows if "department_path" in row.clean)
    return [join_path(path) for path in sorted(set(map(tuple, paths)))]


def forget_outcome(account_import: AccountImport) -> None:
    """All rows that are not in are new again; what was told of cells when read stays told."""
    left = account_import.rows.exclude(state=ImportRow.State.DONE)
    left.update(state=ImportRow.State.NEW, problems=F("marks"), clean={})
