from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from admin_platform.htmx import wants_part
from admin_platform.htmx_events import toast
from admin_platform.refusals import whom_to_ask


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 "无操作权限": a page, or for a part of one a toast that leaves the page as it is."""
    if wants_part(request):
        response = HttpResponse(status=403, headers={"HX-Reswap": "none"})
        return toast(response, _("No permission"), kind="danger")
    function = getattr(getattr(request, "operator", None), "function", "")
    context = {"function": function, "whom_to_ask": whom_to_ask(request)}
    return render(request, "403.html", context, status=403)
