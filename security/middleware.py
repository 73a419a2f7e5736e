from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_platform.client_address import client_ip
from security.selectors.networks import network_refuses
from security.selectors.password_rules import has_expired_password
from security.services.sign_in import end_session

# What a member may still reach with a password that must be changed first.
ALLOWED = ("/password/", "/logout/", "/static/", "/preferences/", "/login/")


class FirstPasswordMiddleware:
    """Leads whoever has an initial or an expired password to changing it, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not request.path.startswith(ALLOWED)
            and user.is_authenticated
            and (user.must_change_password or has_expired_password(user))
        ):
            target = reverse("password-change")
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": target})
            return HttpResponseRedirect(target)
        return self.get_response(request)


class NetworkMiddleware:
    """Ends the session of whoever is at an address that rules have come to refuse.

    The request goes on as an anonymous one, so that each page leads to its own sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and network_refuses(user.pk, client_ip(request)):
            end_session(request)
            messages.error(request, _("Signed out: you may not sign in from this network."))
        return self.get_response(request)
