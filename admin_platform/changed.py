"""How a dialog answers that has changed the list behind it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from admin_platform.htmx import go_to, wants_part
from admin_platform.htmx_events import toast, trigger
from admin_platform.http import ConsoleRequest


def changed(request: ConsoleRequest, text: str, *, event: str, back: str) -> HttpResponse:
    """Close the dialog and have the list behind it come anew, which waits for the event;
    without scripts go back to the list."""
    if wants_part(request):
        response = trigger(HttpResponse(status=204), **{"dialog:close": True, event: True})
        return toast(response, text)
    messages.success(request, text)
    return go_to(request, back)
