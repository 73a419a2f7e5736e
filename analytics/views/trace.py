"""The message trace (manual, 7.5)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from analytics.selectors.trace import outcomes, rows_for_export, way
from analytics.trace_filters import TraceFilter
from analytics.views.logs import Log, export, show_list
from mail_server.choices import EventKind
from mail_server.models import MessageEvent

STATUS_CLASSES = {
    EventKind.DELIVERED: "status--ok",
    EventKind.DEFERRED: "status--busy",
    EventKind.REFUSED: "status--danger",
}
STEP_CLASSES = {
    EventKind.RECEIVED: "ok",
    EventKind.FILTERED: "ok",
    EventKind.DELIVERED: "now",
    EventKind.DEFERRED: "warn",
    EventKind.REFUSED: "bad",
}
# Rspamd's words.
FINDINGS = {
    "no action": gettext_lazy("Nothing found"),
    "greylist": gettext_lazy("Put off until it comes again"),
    "soft reject": gettext_lazy("Put off until it comes again"),
    "rewrite subject": gettext_lazy("Marked as spam in the subject"),
    "add header": gettext_lazy("Marked as spam"),
    "reject": gettext_lazy("Refused"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """finding: of the spam filter, in our words. score: as it told it."""

    event: MessageEvent
    css: str
    finding: str = ""
    score: str = ""

    @classmethod
    def of(cls, event: MessageEvent) -> Step:
        kind = EventKind(event.kind)
        if kind != EventKind.FILTERED:
            return cls(event, STEP_CLASSES[kind])
        action, _space, score = event.reason.rpartition(" ")
        css = STEP_CLASSES[kind] if action == "no action" else "warn"
        return cls(event, css, str(FINDINGS.get(action, action)), score.strip("()"))


def shown(event: MessageEvent) -> tuple[MessageEvent, str]:
    return event, STATUS_CLASSES[EventKind(event.kind)]


TRACE = Log(
    template="analytics/trace_list.html",
    records=outcomes,
    filter_class=TraceFilter,
    shown=shown,
    rows=rows_for_export,
    file_name="message-trace.csv",
)


@requires("trace.view")
@require_GET
def trace_list(request: ConsoleRequest) -> HttpResponse:
    return show_list(request, TRACE)


@requires("trace.view")
@require_GET
def trace_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The way of one message to one recipient, in a drawer or by itself, to be linked to."""
    outcome = get_object_or_404(outcomes(request.operator), pk=pk)
    context = {
        "outcome": outcome,
        "status": STATUS_CLASSES[EventKind(outcome.kind)],
        "steps": [Step.of(event) for event in way(outcome)],
    }
    return render_page(request, "analytics/trace_detail.html", context, part="drawer")


@requires("trace.view")
@require_GET
def trace_export(request: ConsoleRequest) -> StreamingHttpResponse:
    headings = [
        _("Time"),
        _("Direction"),
        _("Subject"),
        _("Result"),
        _("Sender"),
        _("Recipient"),
        _("Written as"),
        _("Size in bytes"),
        _("IP address"),
        _("Reply"),
        _("Queue ID"),
        "Message-ID",
    ]
    return export(request, TRACE, headings)
