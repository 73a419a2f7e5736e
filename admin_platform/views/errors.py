from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from admin_platform import functions
from admin_platform.htmx import wants_part
from admin_platform.htmx_events import toast
from admin_platform.refusals import whom_to_ask


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 "无操作权限": a page, or for a part of one a toast that leaves the page as it is.

    PermissionDenied("account.create") names the missing function.
    """
    missing = str(exception)
    function = functions.label(missing) if functions.is_known(missing) else ""
    if wants_part(request):
        response = HttpResponse(status=403, headers={"HX-Reswap": "none"})
        text = _("No permission: %(function)s") % {"function": function}
        return toast(response, text if function else _("No permission"), kind="danger")
    context = {"function": function, "whom_to_ask": whom_to_ask(request)}
    return render(request, "403.html", context, status=403)
