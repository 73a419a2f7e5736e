"""Account and security: one's own password, second factor, app passwords and sessions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only
from security.models import MemberSession
from security.selectors.password_rules import password_expires_at
from security.selectors.sessions import device_of, session_page
from security.selectors.sign_in_rules import (
    has_second_factor,
    needs_app_passwords,
    needs_second_factor,
)
from security.services import sessions


@member_only
@require_GET
def own_security(request: ConsoleRequest) -> HttpResponse:
    account = request.user
    page = session_page(account, request.GET)
    context = {
        "expires_at": password_expires_at(account),
        "has_second_factor": has_second_factor(account),
        "second_factor_needed": needs_second_factor(account, request.operator),
        "codes_left": account.recovery_codes.filter(used_at=None).count(),
        "app_passwords": account.app_passwords.order_by("name"),
        "app_passwords_needed": needs_app_passwords(account),
        "page": page,
        "sessions": [(session, device_of(session.client)) for session in page.items],
        "current": current_session(request),
    }
    return render_page(request, "security/own_security.html", context, part="sessions")


def current_session(request: ConsoleRequest) -> MemberSession | None:
    return getattr(request.session, "row", None)


@member_only
@require_POST
def end_session(request: ConsoleRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(request.user.sessions, pk=pk)
    if session == current_session(request):
        return go_to(request, "account-security")
    sessions.end_own_session(session=session, actor=request.operator)
    messages.success(request, _("The session has ended."))
    return go_to(request, "account-security")


@member_only
@require_POST
def end_others(request: ConsoleRequest) -> HttpResponse:
    ended = sessions.end_other_sessions(
        account=request.user, kept=current_session(request), actor=request.operator
    )
    text = ngettext("One other session has ended.", "%(n)s other sessions have ended.", ended)
    messages.success(request, text % {"n": ended})
    return go_to(request, "account-security")
