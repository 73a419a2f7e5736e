"""Signing in and out (manual, 2.1 and 2.2)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from admin_platform.client_address import client_ip
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import public
from security.choices import Protocol
from security.forms.sign_in import SignInForm
from security.selectors.domains import domain_of_host
from security.services.opening import end_session, start_session
from security.services.sign_in import sign_in
from security.views.second_step import ask_code


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def console_sign_in(request: ConsoleRequest) -> HttpResponse:
    """/admin.jsp: the console's sign-in, or the home page for who is signed in."""
    return _sign_in(request, to_console=True)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def member_sign_in(request: ConsoleRequest) -> HttpResponse:
    """/login/: the webmail's sign-in; with ?p=admin it leads to the console."""
    return _sign_in(request, to_console=request.GET.get("p") == "admin")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return HttpResponseRedirect(reverse("sign-in"))


def _sign_in(request: ConsoleRequest, *, to_console: bool) -> HttpResponse:
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect(_landing(request, to_console))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        outcome = sign_in(
            address=_full_address(request, form.cleaned_data["address"]),
            password=form.cleaned_data["password"],
            protocol=Protocol.CONSOLE if to_console else Protocol.WEB,
            ip=client_ip(request),
            client=request.headers.get("User-Agent", ""),
        )
        if outcome.account is not None:
            start_session(request, outcome.account)
            return HttpResponseRedirect(_landing(request, to_console))
        if outcome.second_step is not None:
            ask_code(request, outcome.second_step, to_console, _wanted(request))
            return HttpResponseRedirect(reverse("second-step"))
        form.add_error(None, _("The account or the password is not right."))
    context = {
        "form": form,
        "to_console": to_console,
        "domain": domain_of_host(request.get_host()),
        "next": _wanted(request),
    }
    return render(request, "security/login.html", context, status=422 if form.is_bound else 200)


def _full_address(request: HttpRequest, typed: str) -> str:
    """At the domain's own host the part before "@" is enough."""
    if "@" in typed:
        return typed
    domain = domain_of_host(request.get_host())
    return f"{typed}@{domain.name}" if domain else typed


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


def _landing(request: HttpRequest, to_console: bool) -> str:
    return _wanted(request) or reverse("home" if to_console else "webmail:home")
