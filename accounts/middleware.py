from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.selectors.operators import operator_of
from admin_platform.client_address import client_ip
from admin_platform.operator import Operator

ANONYMOUS = Operator(account_id=None, name="", organization_id=None)


class OperatorMiddleware:
    """`request.operator`: the signed-in account with its grants, resolved when first asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.operator = SimpleLazyObject(lambda: _operator(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class TimeZoneMiddleware:
    """Shows times in the time zone of the member's organization."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.organization.time_zone):
            return self.get_response(request)


def _operator(request: HttpRequest) -> Operator:
    if not request.user.is_authenticated:
        return ANONYMOUS
    return operator_of(request.user, ip=client_ip(request))
