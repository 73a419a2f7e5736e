"""The sign-in log (manual, 7.3)."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from analytics.filters import SignInFilter
from analytics.selectors.sign_ins import rows_for_export, sign_ins
from analytics.views.logs import Log, export, show_list
from security.choices import LOCK_RESULTS, SignInResult
from security.clients import client_name
from security.models import SignInRecord

SIGN_INS = Log(
    template="analytics/sign_in_list.html",
    records=sign_ins,
    filter_class=SignInFilter,
    shown=lambda record: (record, client_name(record.client), status_class(record)),
    rows=rows_for_export,
    file_name="sign-in-log.csv",
    related=("account",),
)


def status_class(record: SignInRecord) -> str:
    if record.result == SignInResult.SUCCESS:
        return "status--ok"
    return "status--danger" if record.result in LOCK_RESULTS else "status--warn"


@requires("signin_log.view")
@require_GET
def sign_in_list(request: ConsoleRequest) -> HttpResponse:
    return show_list(request, SIGN_INS)


@requires("signin_log.view")
@require_GET
def sign_in_export(request: ConsoleRequest) -> StreamingHttpResponse:
    headings = [
        _("Time"),
        _("Account"),
        _("Name"),
        _("Type"),
        _("IP address"),
        _("Client"),
        _("Result"),
    ]
    return export(request, SIGN_INS, headings)
