"""The page that asks for a code after the password (manual, 3③: 登录验证)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Account
from admin_platform.client_address import client_ip
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import public
from security.choices import Protocol, SignInResult
from security.errors import CodeTooSoon, NoSecondFactor
from security.forms.second_factor import CodeForm
from security.selectors.domains import domain_of_host
from security.services.opening import start_session
from security.services.second_step import finish_sign_in
from security.services.sign_in import SignIn

KEY = "half_signed_in"
KEPT_FOR = timedelta(minutes=5)
MAX_WRONG = 5


@dataclass(slots=True)
class Half:
    """A sign-in whose password was right. proof: changes with the password."""

    account_id: int
    proof: str
    at: str
    to_console: bool
    wanted: str
    wrong: int = 0


def ask_code(request: HttpRequest, account: Account, to_console: bool, wanted: str) -> None:
    """Keep in the session who gave a right password, until the code is there."""
    request.session.cycle_key()
    proof = account.get_session_auth_hash()
    half = Half(account.pk, proof, timezone.now().isoformat(), to_console, wanted)
    request.session[KEY] = asdict(half)


def _half(request: HttpRequest) -> tuple[Half, Account] | None:
    kept = request.session.get(KEY)
    if kept is None:
        return None
    half = Half(**kept)
    is_late = datetime.fromisoformat(half.at) + KEPT_FOR < timezone.now()
    account = Account.objects.filter(pk=half.account_id).first()
    if account is None or is_late or half.wrong >= MAX_WRONG:
        return None
    if not constant_time_compare(half.proof, account.get_session_auth_hash()):
        return None
    return half, account


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: ConsoleRequest) -> HttpResponse:
    found = _half(request)
    if found is None:
        request.session.pop(KEY, None)
        return HttpResponseRedirect(reverse("sign-in"))
    half, account = found
    form = CodeForm(request.POST or None)
    if form.is_valid():
        outcome = _finish(request, form, half, account)
        if outcome is not None and outcome.account is not None:
            request.session.pop(KEY, None)
            start_session(request, outcome.account)
            return HttpResponseRedirect(half.wanted or _landing(half))
    context = {"form": form, "domain": domain_of_host(request.get_host()), "half": half}
    status = 422 if form.is_bound else 200
    return render(request, "security/second_step.html", context, status=status)


def _finish(request: HttpRequest, form: CodeForm, half: Half, account: Account) -> SignIn | None:
    try:
        outcome = finish_sign_in(
            account=account,
            code=form.cleaned_data["code"],
            protocol=Protocol.CONSOLE if half.to_console else Protocol.WEB,
            ip=client_ip(request),
            client=request.headers.get("User-Agent", ""),
        )
    except (CodeTooSoon, NoSecondFactor) as refusal:
        form.add_error("code", str(refusal))
        return None
    if outcome.account is None:
        request.session[KEY] = asdict(half) | {"wrong": half.wrong + 1}
        form.add_error("code", _refusal(outcome.result))
    return outcome


def _refusal(result: SignInResult) -> str:
    if result is SignInResult.WRONG_CODE:
        return _("This code is not right, or was used already.")
    return _("You cannot sign in at present.")


def _landing(half: Half) -> str:
    return reverse("home" if half.to_console else "webmail:home")
