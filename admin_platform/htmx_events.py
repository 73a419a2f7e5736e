"""Events that a response sends to the page (HX-Trigger)."""

import json

from django.http import HttpResponse


def trigger(response: HttpResponse, **events: object) -> HttpResponse:
    """Add events to a response; console.js and hx-trigger listen to them."""
    known = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(known | events)
    return response


def toast(response: HttpResponse, text: str, *, kind: str = "ok") -> HttpResponse:
    """Show a short message: kind ok leaves by itself, danger stays."""
    return trigger(response, toast={"text": text, "kind": kind})
