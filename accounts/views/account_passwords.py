"""Giving an account another password, in a dialog."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import AccountRefused, OwnPassword
from accounts.forms.passwords import PasswordResetForm
from accounts.models import Account
from accounts.services.passwords import reset_password
from accounts.services.protection import refusal
from accounts.views.account_detail import fetch
from admin_platform.htmx import go_to, render_page, wants_part
from admin_platform.htmx_events import trigger
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires

FUNCTION = "account.password"


@requires(FUNCTION)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def account_password(request: ConsoleRequest, pk: int) -> HttpResponse:
    """A password made up is in the answer and nowhere else."""
    account = fetch(request, pk)
    form = PasswordResetForm(request.POST or None)
    if form.is_valid():
        try:
            made_up = reset_password(
                account=account,
                password=form.cleaned_data["password"],
                must_change_password=form.cleaned_data["must_change_password"],
                actor=request.operator,
            )
        except AccountRefused as refused:
            form.refuse(refused)
        else:
            return _done(request, account, made_up)
    context = {
        "title": _("Reset the password of %(name)s") % {"name": account.name},
        "account": account,
        "form": form,
        "refused": _refused(request, account),
    }
    status = 422 if form.errors else 200
    return render_page(request, "accounts/account_password.html", context, status=status)


def _refused(request: ConsoleRequest, account: Account) -> AccountRefused | None:
    if account.pk == request.operator.account_id:
        return OwnPassword()
    return refusal(account, FUNCTION, request.operator)


def _done(request: ConsoleRequest, account: Account, made_up: str) -> HttpResponse:
    text = _("The password of %(name)s is reset") % {"name": account.name}
    if made_up:
        context = {"title": text, "account": account, "password": made_up}
        page = render_page(request, "accounts/account_password_done.html", context)
        return trigger(page, **{"accounts-changed": True})
    if wants_part(request):
        toast = {"text": text, "kind": "ok"}
        events = {"dialog:close": True, "accounts-changed": True, "toast": toast}
        return trigger(HttpResponse(status=204), **events)
    messages.success(request, text)
    return go_to(request, "accounts:account-detail", pk=account.pk)
