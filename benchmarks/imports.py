"""Importing accounts, beside a plain COPY of the same rows, and beside hashing alone."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.hashers import MailArgon2PasswordHasher
from accounts.models import Account, AccountImport, Address, Mailbox, Membership, Role
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from accounts.services.accounts import Person, create_account
from accounts.services.grants import grant_role
from accounts.services.imports import confirm_import, start_import
from admin_platform import job_runner
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from benchmarks.dataset import ACTOR
from benchmarks.hashing import CORES, hashes_per_second
from benchmarks.measure import Report
from orgs.services.departments import create_department
from orgs.services.organizations import create_domain, create_organization, root_department

ROWS, TYPED = 10_000, 2_000
DEPARTMENTS = 20


class Company:
    """An organization of its own for one import."""

    def __init__(self) -> None:
        self.domain_name = f"import-{time.time_ns()}.example"
        self.organization = create_organization(
            name=self.domain_name, actor=ACTOR, seats=2 * ROWS, storage_bytes=0
        )
        self.domain = create_domain(
            organization=self.organization, name=self.domain_name, actor=ACTOR
        )
        self.root = root_department(self.organization)
        for number in range(DEPARTMENTS):
            create_department(parent=self.root, name=f"D{number}", actor=ACTOR)
        self.operator = self._administrator()

    def _administrator(self) -> Operator:
        made = create_account(
            departments=[self.root],
            domain=self.domain,
            local_part="administrator",
            person=Person(name="Administrator"),
            actor=ACTOR,
        )
        role = Role.objects.get(code=FULL_ADMINISTRATOR)
        grant_role(account=made.account, role=role, departments=[self.root], actor=ACTOR)
        return operator_of(made.account)

    def file(self, rows: int, *, typed: bool) -> ContentFile[bytes]:
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(["帐号", "姓名", "部门", "手机号", "工号", "密码"])
        for n in range(rows):
            password = "Stiller-Hafen-19" if typed else ""
            mobile = f"138{n:08}"
            table.writerow([f"u{n}", f"张伟 {n}", f"D{n % DEPARTMENTS}", mobile, f"E{n}", password])
        return ContentFile(text.getvalue().encode(), name="people.csv")


def run_import(company: Company, rows: int, *, typed: bool) -> tuple[float, float]:
    """Seconds for reading and checking, and for importing."""
    start = time.perf_counter()
    account_import = start_import(
        file=company.file(rows, typed=typed), domain=company.domain, actor=company.operator
    )
    work(account_import)
    checked = time.perf_counter()
    confirm_import(account_import=account_import, actor=company.operator)
    work(account_import)
    done = time.perf_counter()
    account_import.refresh_from_db()
    assert account_import.imported_rows == rows, (account_import.state, account_import.bad_rows)
    return checked - start, done - checked


def work(account_import: AccountImport) -> None:
    account_import.refresh_from_db()
    while not account_import.job.is_finished:
        job_runner.run(account_import.job_id)
        account_import.refresh_from_db()


def written_by(company: Company) -> Iterator[tuple[str, str]]:
    """Table and condition of what an import has written, in an order that foreign keys allow."""
    accounts = f"organization_id = {company.organization.pk} AND name <> 'Administrator'"
    yield Account._meta.db_table, accounts
    for model in (Address, Membership, Mailbox):
        yield (
            model._meta.db_table,
            f"account_id IN (SELECT id FROM accounts_account WHERE {accounts})",
        )
    yield (
        AuditRecord._meta.db_table,
        (f"organization_id = {company.organization.pk} AND batch IS NOT NULL"),
    )


def plain_copy(company: Company) -> float:
    """Seconds for writing by COPY, in one transaction, what the import has written."""
    tables = list(written_by(company))
    rows = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for table, condition in tables:
            rows[table] = io.StringIO()
            cursor.copy_expert(
                f"COPY (SELECT {columns(table)} FROM {table} WHERE {condition}) TO STDOUT",
                rows[table],
            )
        # The log refuses DELETE, to all but a replica.
        for table, condition in reversed(tables):
            role = "replica" if table == AuditRecord._meta.db_table else "origin"
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
            cursor.execute(f"DELETE FROM {table} WHERE {condition}")
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, _condition in tables:
            rows[table].seek(0)
            cursor.copy_expert(f"COPY {table} ({columns(table)}) FROM STDIN", rows[table])
    return time.perf_counter() - start


def columns(table: str) -> str:
    """All but the generated ones, which COPY does not take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns "
            "WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
        return str(cursor.fetchone()[0])


def measure(report: Report) -> None:
    run_import(Company(), 1000, typed=False)  # warms caches of both
    measure_generated(report)
    measure_typed(report)


def measure_generated(report: Report) -> None:
    company = Company()
    checking, writing = run_import(company, ROWS, typed=False)
    copying = plain_copy(company)
    report.add(
        f"Import of {ROWS:,} rows with generated passwords",
        [
            row("writing the checked rows", writing, copying, "3.00 at most"),
            row("upload, checking and writing", checking + writing, copying, ""),
        ],
        "Baseline: COPY of the same rows into the same tables (account, addresses, department, "
        "mailbox, administrator log), in one transaction, with their indexes and triggers.",
    )


def row(what: str, seconds: float, baseline: float, goal: str) -> tuple[str, str, str, str, str]:
    return what, f"{seconds:.2f} s", f"{baseline:.2f} s", f"{seconds / baseline:.2f}", goal


def measure_typed(report: Report) -> None:
    costs = MailArgon2PasswordHasher
    price = (costs.time_cost, costs.memory_cost, costs.parallelism)
    before = hashes_per_second(price, TYPED // 2)
    _checking, writing = run_import(Company(), TYPED, typed=True)
    alone = (before + hashes_per_second(price, TYPED // 2)) / 2
    rate = TYPED / writing
    report.add(
        f"Import of {TYPED:,} rows with passwords from the file",
        [
            (
                "accounts per second",
                f"{rate:.0f}",
                f"{alone:.0f}",
                f"{rate / alone:.2f}",
                "0.85 at least",
            )
        ],
        f"Baseline: Argon2id alone at the same cost, one process on each of {CORES} cores, the "
        "mean of before and after.",
    )
