from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from security.selectors.password_rules import has_expired_password

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
