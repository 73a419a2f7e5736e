from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_platform.client_address import client_ip
from admin_platform.http import ConsoleRequest
from security.models import MemberSession
from security.selectors.networks import network_refuses
from security.selectors.password_rules import has_expired_password
from security.selectors.sign_in_rules import (
    has_second_factor,
    needs_second_factor,
    session_ends_at,
    sign_in_rule_of,
)
from security.services.opening import end_session
from security.session_store import SessionStore

View = Callable[[HttpRequest], HttpResponse]

# What a member may still reach with a password that must be changed first.
ALLOWED = ("/password/", "/logout/", "/static/", "/preferences/", "/login/")
# And with a second factor still to be set up.
ALLOWED_BEFORE_SECOND_FACTOR = (*ALLOWED, "/account/security/second-factor/")
# How exactly it is known when a session was last used.
SEEN_EVERY = timedelta(minutes=1)
# Parts of a page that ask again and again by themselves are no sign of anybody there.
POLLING_HEADER = "X-Polling"


class SessionCookieMiddleware(SessionMiddleware):
    """Leaves the cookie alone where a session was merely found to be no more.

    A page that asks by itself may be under way while its member changes the password. Its
    answer, late, would take away the cookie of the session that goes on.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        session = cast("SessionStore", request.session)
        if session.is_empty() and not session.ended:
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class FirstPasswordMiddleware:
    """Leads whoever has an initial or an expired password to changing it, before anything else."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not request.path.startswith(ALLOWED)
            and user.is_authenticated
            and (user.must_change_password or has_expired_password(user))
        ):
            return led_to(request, "password-change")
        return self.get_response(request)


class NetworkMiddleware:
    """Ends the session of whoever is at an address that rules have come to refuse.

    The request goes on as an anonymous one, so that each page leads to its own sign-in.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and network_refuses(user.pk, client_ip(request)):
            end_session(request)
            messages.error(request, _("Signed out: you may not sign in from this network."))
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads whoever must have a second factor to setting it up."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not request.path.startswith(ALLOWED_BEFORE_SECOND_FACTOR)
            and user.is_authenticated
            and not has_second_factor(user)
            and needs_second_factor(user, cast("ConsoleRequest", request).operator)
        ):
            return led_to(request, "second-factor")
        return self.get_response(request)


def led_to(request: HttpRequest, url_name: str) -> HttpResponse:
    target = reverse(url_name)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


class SessionLimitsMiddleware:
    """Ends sessions that are too old or were left alone, and notes when the others were used."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            session: MemberSession | None = getattr(request.session, "row", None)
            rule = sign_in_rule_of(request.user.organization)
            if session and session_ends_at(session, rule) <= timezone.now():
                end_session(request)
                messages.info(request, _("Signed out: the session was left alone or too old."))
            elif session and POLLING_HEADER not in request.headers:
                note_use(session)
        return self.get_response(request)


def note_use(session: MemberSession) -> None:
    now = timezone.now()
    if session.last_seen_at < now - SEEN_EVERY:
        MemberSession.objects.filter(pk=session.pk).update(last_seen_at=now)
