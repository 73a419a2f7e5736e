"""Importing accounts from a file: upload, check, decide, follow, download."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import AccountRefused
from accounts.forms.imports import ImportForm
from accounts.import_columns import reason_column, template_columns, template_notes
from accounts.models import AccountImport
from accounts.selectors import imports as selectors
from accounts.services import imports as services
from admin_platform.htmx import end_polling, go_to, render_page, wants_part
from admin_platform.http import ConsoleRequest
from admin_platform.models import Job
from admin_platform.permissions import requires
from admin_platform.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_lines, write_template
from orgs.models import Department

FUNCTION = "account.import"
HISTORY_SHOWN = 20
BAD_ROWS_PER_PAGE = 50
# openpyxl takes long for more; a CSV file is written as it is sent.
MAX_XLSX_ROWS = 20_000
DETAIL = "account-imports:detail"


def _imports(request: ConsoleRequest) -> Any:
    return request.operator.scope(AccountImport.objects.select_related("job", "domain"))


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def import_start(request: ConsoleRequest) -> HttpResponse:
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        operator=request.operator,
        organization=request.user.organization,
        department=_department(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            account_import = services.start_import(**form.cleaned_data, actor=request.operator)
        except AccountRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, DETAIL, pk=account_import.pk)
    history = Paginator(_imports(request).order_by("-pk"), HISTORY_SHOWN)
    page = history.get_page(request.GET.get("page"))
    context = {"tab": "accounts", "form": form, "page": page, "step": 1}
    status = 422 if form.is_bound else 200
    return render_page(request, "accounts/import_start.html", context, status=status)


def _department(request: ConsoleRequest) -> Department | None:
    """The department that one comes from (?department=)."""
    pk = request.GET.get("department", "")
    in_scope = request.operator.scope(Department.objects.all())
    return in_scope.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None


@requires(FUNCTION)
@require_GET
def import_template(request: ConsoleRequest) -> HttpResponse | FileResponse | StreamingHttpResponse:
    columns = template_columns(request.operator, request.user.organization)
    name = _("Accounts to import")
    if request.GET.get("format") == "csv":
        return _csv([str(column.label) for column in columns], [], name)
    file = write_template(columns, title=_("Accounts"), notes=template_notes())
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def _csv(headings: list[str], rows: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(headings, rows), content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = _attachment(f"{name}.csv")
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or ""


@requires(FUNCTION)
@never_cache
@require_GET
def import_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The state of an import; htmx polls it while its job is under way."""
    account_import = get_object_or_404(_imports(request), pk=pk)
    job = account_import.job
    running = job is not None and not job.is_finished
    if running and wants_part(request):
        context = {"import": account_import, "job": job}
        return render_page(request, "accounts/import_detail.html", context, part="progress")
    page = Paginator(selectors.bad_rows(account_import), BAD_ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "tab": "accounts",
        "import": account_import,
        "job": job,
        "running": running,
        "step": _step(account_import),
        "page": page,
        "problems": selectors.problem_lines(list(page.object_list)),
        "is_owner": account_import.owner_id == request.operator.account_id,
    }
    response = render_page(request, "accounts/import_detail.html", context, part="state")
    return end_polling(response, "#state") if wants_part(request) else response


def _step(account_import: AccountImport) -> int:
    States = AccountImport.State  # noqa: N806
    return {States.IMPORTING: 3, States.DONE: 4}.get(States(account_import.state), 2)


@requires(FUNCTION)
@require_GET
def import_of_job(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The import that a job works or worked for."""
    job = get_object_or_404(request.operator.scope(Job.objects.all()), pk=pk)
    account_import = get_object_or_404(_imports(request), pk=job.params.get("import"))
    return go_to(request, DETAIL, pk=account_import.pk)


def _act(request: ConsoleRequest, pk: int, service: Any, **options: Any) -> HttpResponse:
    """Call a service on the import and go back to its page, with its refusal if it refuses."""
    account_import = get_object_or_404(_imports(request), pk=pk)
    try:
        service(account_import=account_import, actor=request.operator, **options)
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    return go_to(request, DETAIL, pk=pk)


@requires(FUNCTION)
@require_POST
def import_confirm(request: ConsoleRequest, pk: int) -> HttpResponse:
    all_or_nothing = request.POST.get("mode") == "all"
    return _act(request, pk, services.confirm_import, all_or_nothing=all_or_nothing)


@requires(FUNCTION)
@require_POST
def import_recheck(request: ConsoleRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.recheck_import)


@requires(FUNCTION)
@require_POST
def import_discard(request: ConsoleRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.discard_import)


@requires(FUNCTION)
@require_POST
def import_forget(request: ConsoleRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.forget_passwords)


@requires(FUNCTION)
@never_cache
@require_GET
def import_corrections(
    request: ConsoleRequest, pk: int
) -> HttpResponse | FileResponse | StreamingHttpResponse:
    """The bad rows as a template again, with a column that says what is wrong."""
    account_import = get_object_or_404(_imports(request), pk=pk)
    columns = [*template_columns(request.operator, request.user.organization), reason_column()]
    rows = selectors.corrections(account_import, request.operator)
    name = _("Rows to correct")
    if account_import.bad_rows > MAX_XLSX_ROWS:
        lines = ([row.get(column.code, "") for column in columns] for row in rows)
        return _csv([str(column.label) for column in columns], lines, name)
    file = write_template(columns, rows, title=_("Accounts"), notes=template_notes())
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


@requires(FUNCTION)
@never_cache
@require_POST
def import_passwords(request: ConsoleRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The list of addresses and initial passwords; by POST, for it leaves a record."""
    account_import = get_object_or_404(_imports(request), pk=pk)
    try:
        rows = services.download_passwords(account_import=account_import, actor=request.operator)
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
        return go_to(request, DETAIL, pk=pk)
    headings = [_("Full name"), _("Address"), _("Initial password")]
    return _csv(headings, rows, _("Initial passwords"))
