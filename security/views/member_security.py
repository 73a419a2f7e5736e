"""How members sign in, and helping one who lost the second factor or a device."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import AccountRefused
from accounts.models import Account
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from security.errors import SecurityRefused
from security.selectors.member_security import member_page
from security.selectors.sessions import device_of, session_page
from security.selectors.sign_in_rules import has_second_factor, needs_app_passwords
from security.services.second_factor import reset_second_factor
from security.services.sessions import end_sessions_of


@requires("member_security.view")
@require_GET
def member_list(request: ConsoleRequest) -> HttpResponse:
    search, factor = request.GET.get("q", "")[:64], request.GET.get("factor", "")
    page = member_page(request.operator, search=search, factor=factor, cursors=request.GET)
    context = {"page": page, "search": search, "factor": factor}
    return render_page(request, "security/member_list.html", context, part="rows")


def _account(request: ConsoleRequest, pk: int) -> Account:
    accounts = request.operator.scope(Account.objects.filter(deleted_at=None))
    return get_object_or_404(
        accounts.select_related("organization__sign_in_rule", "second_factor"), pk=pk
    )


@requires("member_security.view")
@require_GET
def member_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    page = session_page(account, request.GET)
    context = {
        "account": account,
        "has_second_factor": has_second_factor(account),
        "codes_left": account.recovery_codes.filter(used_at=None).count(),
        "app_passwords": account.app_passwords.order_by("name"),
        "app_passwords_needed": needs_app_passwords(account),
        "page": page,
        "sessions": [(session, device_of(session.client)) for session in page.items],
    }
    return render_page(request, "security/member_detail.html", context, part="sessions")


@requires("member_security.reset")
@require_http_methods(["GET", "POST"])
def member_reset(request: ConsoleRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            reset_second_factor(account=account, actor=request.operator)
        except (AccountRefused, SecurityRefused) as error:
            refusal = str(error)
        else:
            text = _("%(name)s signs in with the password alone now.") % {"name": account.name}
            messages.success(request, text)
            return go_to(request, "member-security-detail", pk=account.pk)
    title = _("Reset the second factor")
    context = {"title": title, "account": account, "refusal": refusal}
    status = 422 if refusal else 200
    return render_page(request, "security/member_reset.html", context, status=status)


@requires("member_security.end_sessions")
@require_POST
def member_end_sessions(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One session of the member by its id (session), or all of them."""
    account = _account(request, pk)
    wanted = request.POST.get("session", "")
    session = None
    if wanted:
        ids = [int(wanted)] if wanted.isdecimal() and len(wanted) < 19 else []
        session = get_object_or_404(account.sessions, pk__in=ids)
    try:
        ended = end_sessions_of(account=account, actor=request.operator, session=session)
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("One session has ended.", "%(n)s sessions have ended.", ended)
        messages.success(request, text % {"n": ended})
    return go_to(request, "member-security-detail", pk=account.pk)
