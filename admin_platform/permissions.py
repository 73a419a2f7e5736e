"""The decorators that say which function a view needs, and the check that every view says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from admin_platform import functions
from admin_platform.http import ConsoleRequest

P = ParamSpec("P")
View = Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]

CONSOLE_SIGN_IN = "/admin.jsp"


def requires(function: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let only operators in who hold the function, anywhere in their scope.

    Inside the view `request.operator.scope()` gives the departments of this very
    function. Anonymous people go to the console's sign-in; everybody else without the
    function gets 403 (manual, 4.1: "无操作权限").
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: ConsoleRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request, CONSOLE_SIGN_IN)
            if not request.operator.can(function):
                raise PermissionDenied(function)
            request.operator = request.operator.at(function)
            return view(request, *args, **kwargs)

        guarded.needs = function  # type: ignore[attr-defined]
        return guarded

    return decorate


def console_only(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Let in whoever holds any function at all (home, search, help)."""

    @wraps(view)
    def guarded(request: ConsoleRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request, CONSOLE_SIGN_IN)
        if not request.operator.has_console:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.needs = "console"  # type: ignore[attr-defined]
    return guarded


def member_only(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Let in every signed-in member (webmail, self-service)."""

    @wraps(view)
    def guarded(request: ConsoleRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request, settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    guarded.needs = "member"  # type: ignore[attr-defined]
    return guarded


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say that a view is meant for everybody (sign-in, health)."""
    view.needs = "public"  # type: ignore[attr-defined]
    return view


def to_sign_in(request: HttpRequest, address: str) -> HttpResponse:
    """To the sign-in page and back; a fragment makes the whole page go there."""
    response = redirect_to_login(request.get_full_path(), address)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


# Third-party URLconfs that guard themselves.
GUARDED_ELSEWHERE = ("staff/",)


def walk_views(patterns: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(route, view) of every URL below the patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from walk_views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


@register("security")
def check_views_name_their_function(**_: object) -> list[CheckMessage]:
    """Every view of our own names a known function, or says whom else it is for."""
    problems: list[CheckMessage] = []
    for route, view in walk_views(get_resolver().url_patterns):
        if route.startswith(GUARDED_ELSEWHERE):
            continue
        needs = getattr(view, "needs", None)
        if needs is None:
            problems.append(Error(f"The view at /{route} names no function.", id="platform.E001"))
        elif "." in needs and not functions.is_known(needs):
            problems.append(
                Error(f"The view at /{route} names unknown {needs!r}.", id="platform.E002")
            )
    return problems
