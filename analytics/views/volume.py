"""Mail volume (manual, 7.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from admin_platform.downloads import csv_download
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import Page, capped_total, keyset_page, page_size
from admin_platform.permissions import requires
from analytics.charts import stacked_columns
from analytics.forms import BY, SENDERS, VolumeForm
from analytics.selectors.volumes import (
    GROUPINGS,
    Grouping,
    Volume,
    all_rows,
    by_day,
    of_rows,
    top_senders,
    total,
)


@requires("volume.view")
@require_GET
def volume(request: ConsoleRequest) -> HttpResponse:
    form = VolumeForm(request)
    context = {"form": form, "tabs": BY}
    if not form.is_valid():
        return render_page(request, "analytics/volume.html", context, part="volume", status=422)
    days = by_day(request.operator, form.days)
    labels = [f"{day.of:%m-%d}" for day in days]
    context |= {
        "total": total(days),
        "chart": stacked_columns(labels, [[d.received for d in days], [d.sent for d in days]]),
    }
    context |= table(request, form, days)
    return render_page(request, "analytics/volume.html", context, part="volume")


def table(request: ConsoleRequest, form: VolumeForm, days: list[Volume]) -> dict[str, Any]:
    """rows: each with its volume; page: where there may be many."""
    by = form.cleaned_data["by"]
    if by == "days":
        return {"by": by, "rows": [(None, day) for day in reversed(days)]}
    if by == SENDERS:
        return {"by": by, "rows": top_senders(request.operator, form.days)}
    page = page_of(request, GROUPINGS[by])
    rows = of_rows(request.operator, form.days, GROUPINGS[by], page.items)
    return {"by": by, "rows": rows, "page": page}


def page_of(request: ConsoleRequest, grouping: Grouping) -> Page[Any]:
    rows = grouping.rows(request.operator)
    return keyset_page(
        rows,
        key=grouping.key,
        rows=grouping.model._default_manager.all(),
        cursors=request.GET,
        size=page_size(request.GET.get("size")),
        total=lambda: capped_total(rows),
    )


@requires("volume.view")
@require_GET
def volume_export(request: ConsoleRequest) -> HttpResponseBase:
    """All rows, however many, of what the page shows."""
    form = VolumeForm(request)
    if not form.is_valid():
        return volume(request)
    headings = [
        str(dict(BY)[form.cleaned_data["by"]]),
        _("Name"),
        _("Sent mail"),
        _("Sent, in bytes"),
        _("Received mail"),
        _("Received, in bytes"),
    ]
    return csv_download("mail-volume.csv", headings, lines(request, form))


def lines(request: ConsoleRequest, form: VolumeForm) -> Iterator[list[str]]:
    operator, by = request.operator, form.cleaned_data["by"]
    if by in GROUPINGS:
        rows = GROUPINGS[by].rows(operator)
        found = all_rows(operator, form.days, GROUPINGS[by], rows)
    else:
        shown = table(request, form, by_day(operator, form.days))["rows"]
        found = (volume for _row, volume in shown)
    for v in found:
        numbers = (v.sent, v.sent_bytes, v.received, v.received_bytes)
        yield [str(v.of), v.remark, *map(str, numbers)]
