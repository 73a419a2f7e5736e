"""The two ways in which a view answers: a page (or its changed part), or "go there"."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from admin_platform.http import ConsoleRequest

# htmx stops polling when it gets this status, and swaps the answer in.
STOP_POLLING = 286


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for something to put into the page that it has."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: ConsoleRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx only the `partialdef` block named `part` of the same template.

    A boosted request and one that restores history want the page. The two answers
    share a URL, hence Vary.
    """
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def end_polling(response: HttpResponse, target: str) -> HttpResponse:
    """Have the last answer of a poll take the place of `target`, more than what polled."""
    response.status_code = STOP_POLLING
    response["HX-Retarget"] = target
    response["HX-Reswap"] = "outerHTML"
    return response


def go_to(request: ConsoleRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser to a page. htmx would follow a 302 into the fragment, so it is told."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to, *args, **kwargs)})
    response: HttpResponse = redirect(to, *args, **kwargs)
    return response
