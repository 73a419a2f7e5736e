"""The page of sending limits."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from security.forms.sending_limits import SendingLimitForm
from security.selectors.sending_limits import sending_limit_of
from security.services.sending_limits import change_sending_limit


@requires("sending_limit.view")
@require_GET
def sending_limits(request: ConsoleRequest) -> HttpResponse:
    return _page(request, SendingLimitForm(limit=sending_limit_of(request.user.organization)))


@requires("sending_limit.manage")
@require_POST
def save(request: ConsoleRequest) -> HttpResponse:
    organization = request.user.organization
    form = SendingLimitForm(request.POST, limit=sending_limit_of(organization))
    if form.is_valid():
        change_sending_limit(
            organization=organization, values=form.cleaned_data, actor=request.operator
        )
        messages.success(request, _("The sending limits are saved."))
        return go_to(request, "sending-limits")
    return _page(request, form)


def _page(request: ConsoleRequest, form: SendingLimitForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render_page(request, "security/sending_limits.html", {"form": form}, status=status)
