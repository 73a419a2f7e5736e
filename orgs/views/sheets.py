"""The department tree as a table: template, export, import."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from admin_platform.spreadsheets import (
    XLSX_TYPE,
    SpreadsheetRefused,
    Values,
    find_headings,
    open_rows,
    read_values,
    write_template,
)
from orgs.department_sheet import COLUMNS, MAX_ROWS, export_rows
from orgs.forms.sheets import DepartmentImportForm
from orgs.services.department_import import ImportResult, import_departments


@requires("department.view")
@require_GET
def department_export(request: ConsoleRequest) -> FileResponse:
    """All departments in scope, in the form in which they can be imported again."""
    file = write_template(COLUMNS, export_rows(request.operator), title=_("Departments"))
    return _workbook(file, _("departments"))


@requires("department.manage")
@require_GET
def department_template(request: ConsoleRequest) -> FileResponse:
    return _workbook(write_template(COLUMNS, title=_("Departments")), _("departments-template"))


@requires("department.manage")
@require_http_methods(["GET", "POST"])
def department_import(request: ConsoleRequest) -> HttpResponse:
    form = DepartmentImportForm(
        request.POST if request.method == "POST" else None, request.FILES or None
    )
    result: ImportResult | None = None
    if form.is_valid():
        try:
            result = _import(request, form)
        except SpreadsheetRefused as refusal:
            form.add_error("file", str(refusal))
    return render_page(
        request,
        "orgs/department_import.html",
        {"tab": "departments", "form": form, "result": result},
        status=422 if form.is_bound and not result else 200,
    )


def _import(request: ConsoleRequest, form: DepartmentImportForm) -> ImportResult:
    """Read everything first: nobody else should wait for the tree while a file is read."""
    file = form.cleaned_data["file"]
    with open_rows(file, max_rows=MAX_ROWS) as rows:
        headings = find_headings(rows, COLUMNS)
        values: list[Values] = list(read_values(rows, headings, max_rows=MAX_ROWS))
    return import_departments(
        organization=request.user.organization,
        rows=values,
        source=file.name,
        all_or_nothing=form.cleaned_data["all_or_nothing"],
        actor=request.operator,
    )


def _workbook(file: IO[bytes], name: str) -> FileResponse:
    day = timezone.localdate().isoformat()
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{day}.xlsx", content_type=XLSX_TYPE
    )
