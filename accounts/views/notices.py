"""The provider's notices (manual, 3⑤)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.selectors.notices import notices_for
from accounts.services.notices import mark_notice_read
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import console_only


@console_only
@require_GET
def notice_list(request: ConsoleRequest) -> HttpResponse:
    return render_page(request, "accounts/notice_list.html", {"notices": notices_for(request.user)})


@console_only
@require_GET
def notice_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(notices_for(request.user), pk=pk)
    mark_notice_read(notice=notice, reader=request.user)
    return render_page(request, "accounts/notice_detail.html", {"notice": notice})
