"""The administrator log (manual, 7.1) and the user log (7.2)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from admin_platform import menu
from admin_platform.audit_values import Difference, differences
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.models import AuditRecord
from admin_platform.permissions import requires
from analytics.filters import OwnActFilter, RecordFilter
from analytics.selectors.chain import chain_state
from analytics.selectors.records import administrator_acts, member_acts, rows_for_export
from analytics.views.logs import Log, export, show_list


def shown(record: AuditRecord) -> tuple[AuditRecord, list[Difference]]:
    return record, differences(record)


ADMINISTRATORS = Log(
    template="analytics/record_list.html",
    records=administrator_acts,
    filter_class=RecordFilter,
    shown=shown,
    rows=rows_for_export,
    file_name="administrator-log.csv",
)
MEMBERS = Log(
    template="analytics/own_act_list.html",
    records=member_acts,
    filter_class=OwnActFilter,
    shown=shown,
    rows=rows_for_export,
    file_name="user-log.csv",
)


@requires("log.view")
@require_GET
def record_list(request: ConsoleRequest) -> HttpResponse:
    return show_list(request, ADMINISTRATORS, chain=chain_state(request.operator))


@requires("log.view")
@require_GET
def record_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One record with all its values, in a drawer or by itself, to be linked to."""
    return show_record(request, pk, administrator_acts(request.operator), "admin-log")


@requires("log.view")
@require_GET
def record_export(request: ConsoleRequest) -> StreamingHttpResponse:
    headings = [_("Time"), _("Administrator"), _("IP address"), _("Operation"), _("Remarks")]
    return export(request, ADMINISTRATORS, headings)


@requires("log.view")
@require_GET
def chain(request: ConsoleRequest) -> HttpResponse:
    """How far the log is sealed, and the head of the chain to be kept elsewhere."""
    return render_page(request, "analytics/chain.html", {"chain": chain_state(request.operator)})


@requires("user_log.view")
@require_GET
def own_act_list(request: ConsoleRequest) -> HttpResponse:
    return show_list(request, MEMBERS)


@requires("user_log.view")
@require_GET
def own_act_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    return show_record(request, pk, member_acts(request.operator), "user-log")


@requires("user_log.view")
@require_GET
def own_act_export(request: ConsoleRequest) -> StreamingHttpResponse:
    headings = [_("Time"), _("Account"), _("IP address"), _("Operation"), _("Remarks")]
    return export(request, MEMBERS, headings)


def show_record(
    request: ConsoleRequest, pk: int, records: QuerySet[AuditRecord], log: str
) -> HttpResponse:
    """log: the code of its menu entry."""
    record = get_object_or_404(records, pk=pk)
    entry = menu.entry(log)
    context = {
        "record": record,
        "differences": differences(record),
        "log_url": entry.url_name,
        "log_label": entry.label,
    }
    return render_page(request, "analytics/record_detail.html", context, part="drawer")
