"""What the log pages have in common: a filter, a page by key, a drawer, an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse

from admin_platform.downloads import csv_download
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.operator import Operator
from admin_platform.paging import capped_total, keyset_page, page_size

Rows = Callable[[QuerySet[Any]], Iterator[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Log:
    """One log. records: those of an operator. shown: what the template gets of each row.
    related: what is loaded with it."""

    template: str
    records: Callable[[Operator], QuerySet[Any]]
    filter_class: type[Any]
    shown: Callable[[Any], Any]
    rows: Rows
    file_name: str
    related: tuple[str, ...] = ()


def filtered(request: ConsoleRequest, log: Log) -> tuple[Any, QuerySet[Any]]:
    """The filter and what it lets through; nothing where it is filled in wrongly."""
    found = log.filter_class(request.GET, log.records(request.operator), request=request)
    return found, found.qs if found.is_valid() else found.queryset.none()


def show_list(request: ConsoleRequest, log: Log, **more: Any) -> HttpResponse:
    found, records = filtered(request, log)
    page = keyset_page(
        records,
        key="at",
        rows=records.model._default_manager.select_related(*log.related),
        cursors=request.GET,
        descending=True,
        size=page_size(request.GET.get("size")),
        total=lambda: capped_total(records),
    )
    rows = [log.shown(record) for record in page.items]
    context = {"filter": found, "page": page, "rows": rows, **more}
    return render_page(request, log.template, context, part="rows")


def export(request: ConsoleRequest, log: Log, headings: Iterable[str]) -> StreamingHttpResponse:
    """All records that the filter lets through, as CSV, however many."""
    _found, records = filtered(request, log)
    return csv_download(log.file_name, [*headings], log.rows(records))
