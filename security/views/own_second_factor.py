"""Setting one's second factor up and switching it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from admin_platform import crypto
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only
from security.errors import SecurityRefused
from security.forms.second_factor import PasswordForm, SetUpForm
from security.selectors.sign_in_rules import has_second_factor, needs_second_factor
from security.services import second_factor as service
from security.totp import enrolment_uri, new_secret, qr_code

# The secret that is being set up, encrypted, until a code proves that an app has it.
KEY = "second_factor_secret"


@member_only
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up(request: ConsoleRequest) -> HttpResponse:
    if has_second_factor(request.user):
        return go_to(request, "account-security")
    secret = _secret(request)
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            codes = service.enable_second_factor(
                account=request.user,
                password=form.cleaned_data["password"],
                secret=secret,
                code=form.cleaned_data["code"],
                actor=request.operator,
            )
        except SecurityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            del request.session[KEY]
            return show_codes(request, codes, is_new=True)
    return render_page(
        request,
        "security/second_factor.html",
        {"form": form} | _pictured(request, secret),
        status=422 if form.is_bound else 200,
    )


def _secret(request: ConsoleRequest) -> str:
    """The same one until it is confirmed: the page may be loaded again meanwhile."""
    if KEY not in request.session:
        request.session[KEY] = crypto.encrypt(new_secret())
    return crypto.decrypt(request.session[KEY])


def _pictured(request: ConsoleRequest, secret: str) -> dict[str, object]:
    issuer = request.user.organization.brand
    uri = enrolment_uri(secret, issuer=issuer, address=request.user.address)
    return {
        "qr_code": qr_code(uri),
        "spelled": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "needed": needs_second_factor(request.user, request.operator),
    }


def show_codes(request: ConsoleRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    context = {"codes": codes, "is_new": is_new}
    return render_page(request, "security/recovery_codes.html", context)


@member_only
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def renew_codes(request: ConsoleRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            codes = service.renew_recovery_codes(
                account=request.user,
                password=form.cleaned_data["password"],
                actor=request.operator,
            )
        except SecurityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return show_codes(request, codes, is_new=False)
    return _confirm(request, form, "codes")


@member_only
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def disable(request: ConsoleRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            service.disable_second_factor(
                account=request.user,
                password=form.cleaned_data["password"],
                actor=request.operator,
            )
        except SecurityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(
                request, _("The second factor is off. Signing in takes the password alone.")
            )
            return go_to(request, "account-security")
    return _confirm(request, form, "disable")


def _confirm(request: ConsoleRequest, form: PasswordForm, what: str) -> HttpResponse:
    context = {"form": form, "what": what}
    status = 422 if form.is_bound else 200
    return render_page(request, "security/second_factor_confirm.html", context, status=status)
