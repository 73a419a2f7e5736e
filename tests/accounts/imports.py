"""Uploads for the tests of imports, and doing their jobs."""

import io
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import AccountImport, ImportRow
from accounts.services.imports import confirm_import, start_import
from admin_platform import job_runner

HEADINGS = ["帐号", "姓名", "部门"]


def csv_of(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, encoding="utf-8") -> bytes:
    return "\n".join(",".join(row) for row in [headings, *rows]).encode(encoding)


def xlsx_of(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    for row in [headings, *rows]:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(company, content: bytes, *, name="people.xlsx", actor=None, **options) -> AccountImport:
    return start_import(
        file=SimpleUploadedFile(name, content),
        domain=company.domain,
        actor=actor or company.full,
        **options,
    )


def work(account_import: AccountImport) -> AccountImport:
    account_import.refresh_from_db()
    job_runner.run(account_import.job_id)
    account_import.refresh_from_db()
    account_import.job.refresh_from_db()
    return account_import


def checked(company, content: bytes, **options) -> AccountImport:
    return work(upload(company, content, **options))


def imported(company, content: bytes, *, all_or_nothing=False, actor=None, **options):
    account_import = checked(company, content, actor=actor, **options)
    confirm_import(
        account_import=account_import, actor=actor or company.full, all_or_nothing=all_or_nothing
    )
    return work(account_import)


def problems(account_import: AccountImport) -> Mapping[int, list[tuple[str, str, str]]]:
    """Row number to (column, value, reason) of each problem."""
    return {
        row.number: [(p["column"], p["value"], p["reason"]) for p in row.problems]
        for row in account_import.rows.filter(state=ImportRow.State.BAD)
    }
