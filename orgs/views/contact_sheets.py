"""Shared contacts as files (manual, 5.2④): template, import, export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from admin_platform.spreadsheets import (
    CSV_TYPE,
    XLSX_TYPE,
    SpreadsheetRefused,
    Values,
    csv_lines,
    find_headings,
    open_rows,
    read_values,
    write_template,
)
from orgs.contact_sheet import COLUMNS, MAX_ROWS, sheet_row
from orgs.forms.contact_rows import clean_rows
from orgs.forms.sheets import ContactImportForm
from orgs.models import Contact
from orgs.selectors.contacts import groups_of
from orgs.services.contact_import import ImportResult, import_contacts
from orgs.services.contacts import record_export
from orgs.vcards import VCARD_TYPE, card_of, is_vcards, read_cards
from orgs.views.contact_selection import ticked_contacts
from orgs.views.contacts import LIST, shown_contacts

PROBLEMS_SHOWN = 500
CHUNK = 2000


@requires("contact.manage")
@require_GET
def contact_template(request: ConsoleRequest) -> HttpResponseBase:
    return _workbook(write_template(COLUMNS, title=_("Contacts")), _("contacts-template"))


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_import(request: ConsoleRequest) -> HttpResponse:
    form = ContactImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        groups=groups_of(request.user.organization_id),
    )
    result: ImportResult | None = None
    if form.is_valid():
        try:
            result = _import(request, form.cleaned_data)
        except SpreadsheetRefused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "result": result,
        "problems": result.problems[:PROBLEMS_SHOWN] if result else [],
        "more": len(result.problems[PROBLEMS_SHOWN:]) if result else 0,
    }
    status = 422 if form.is_bound and not result else 200
    return render_page(request, "orgs/contact_import.html", context, status=status)


def _import(request: ConsoleRequest, said: dict[str, Any]) -> ImportResult:
    """Read everything first: nobody else should wait for the lock while a file is read."""
    with _open(said["file"]) as values:
        rows = list(clean_rows(values))
    return import_contacts(
        organization=request.user.organization,
        rows=rows,
        group=said["group"],
        source=said["file"].name,
        actor=request.operator,
    )


@contextmanager
def _open(file: IO[bytes]) -> Iterator[Iterator[Values]]:
    """The rows of a table or the cards of a file of vCards, whichever it is."""
    if is_vcards(file):
        yield read_cards(file)
        return
    with open_rows(file, max_rows=MAX_ROWS) as rows:
        headings = find_headings(rows, COLUMNS)
        yield read_values(rows, headings, max_rows=MAX_ROWS)


@requires("contact.view")
@require_POST
def contact_export(request: ConsoleRequest) -> HttpResponseBase:
    """Those that are ticked, else all that the list's address shows; it leaves a record."""
    contacts, asked = _asked_for(request), request.POST.get("format", "")
    number = contacts.count()
    if asked == "xlsx" and number > MAX_ROWS:
        messages.error(request, _("An Excel file holds 20,000 contacts at most. Export as CSV."))
        return go_to(request, LIST)
    organization = request.user.organization
    record_export(organization=organization, number=number, actor=request.operator)
    rows = contacts.select_related("group").order_by("sort_key", "pk").iterator(CHUNK)
    if asked == "xlsx":
        file = write_template(COLUMNS, map(sheet_row, rows), title=_("Contacts"))
        return _workbook(file, _("contacts"))
    if asked == "vcf":
        return _streamed((card_of(c).encode() for c in rows), _("contacts"), "vcf", VCARD_TYPE)
    headings = [str(column.label) for column in COLUMNS]
    lines = csv_lines(headings, (list(sheet_row(contact).values()) for contact in rows))
    return _streamed(lines, _("contacts"), "csv", CSV_TYPE)


def _asked_for(request: ConsoleRequest) -> Any:
    if "id" in request.POST:
        return Contact.objects.filter(pk__in=[contact.pk for contact in ticked_contacts(request)])
    return shown_contacts(request)


def _streamed(
    pieces: Iterator[bytes], name: str, extension: str, content_type: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    file_name = f"{name}-{timezone.localdate().isoformat()}.{extension}"
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or ""
    return response


def _workbook(file: IO[bytes], name: str) -> FileResponse:
    day = timezone.localdate().isoformat()
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{day}.xlsx", content_type=XLSX_TYPE
    )
