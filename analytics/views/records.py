"""The administrator log (manual, 7.1)."""

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from admin_platform.audit_values import differences
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.models import AuditRecord
from admin_platform.paging import capped_total, keyset_page
from admin_platform.permissions import requires
from admin_platform.spreadsheets import CSV_TYPE, csv_lines
from analytics.filters import RecordFilter
from analytics.selectors.records import rows_for_export, sentence


def filtered(request: ConsoleRequest) -> tuple[RecordFilter, QuerySet[AuditRecord]]:
    found = RecordFilter(request.GET, request.operator.scope(AuditRecord.objects.all()))
    return found, found.qs if found.is_valid() else AuditRecord.objects.none()


@requires("log.view")
@require_GET
def record_list(request: ConsoleRequest) -> HttpResponse:
    found, records = filtered(request)
    page = keyset_page(
        records,
        key="id",
        rows=AuditRecord.objects.all(),
        cursors=request.GET,
        descending=True,
        total=lambda: capped_total(records),
    )
    rows = [(record, sentence(record), differences(record)) for record in page.items]
    context = {"filter": found, "page": page, "rows": rows}
    return render_page(request, "analytics/record_list.html", context, part="rows")


@requires("log.view")
@require_GET
def record_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One record with all its values, also by itself, to be linked to."""
    record = get_object_or_404(request.operator.scope(AuditRecord.objects.all()), pk=pk)
    context = {
        "record": record,
        "sentence": sentence(record),
        "differences": differences(record),
    }
    return render_page(request, "analytics/record_detail.html", context)


@requires("log.view")
@require_GET
def record_export(request: ConsoleRequest) -> StreamingHttpResponse:
    """All records that the filter lets through, as CSV, however many."""
    _found, records = filtered(request)
    headings = [
        _("Time"),
        _("Administrator"),
        _("IP address"),
        _("Operation"),
        _("Remarks"),
    ]
    lines = csv_lines(headings, rows_for_export(records.order_by("-id")))
    response = StreamingHttpResponse(lines, content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="administrator-log.csv"'
    return response
