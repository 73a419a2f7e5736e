import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from admin_platform.http import ConsoleRequest
from mail_server.stores.base import StoreUnavailable

logger = logging.getLogger(__name__)


class StoreMiddleware:
    """Says on any page that needs mail when the store is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: ConsoleRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, StoreUnavailable):
            return None
        logger.warning("%s: %s", request.path, exception)
        return render(request, "mail_server/store_away.html", status=503)
