from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from admin_platform.htmx_events import toast


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 "无操作权限": a page, or for a fragment a toast that leaves the page as it is."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=403, headers={"HX-Reswap": "none"})
        return toast(response, _("No permission"), kind="danger")
    function = getattr(getattr(request, "operator", None), "function", "")
    return render(request, "403.html", {"function": function}, status=403)
