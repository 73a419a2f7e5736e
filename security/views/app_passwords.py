"""One's own app passwords, for mail clients."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only
from security.errors import SecurityRefused
from security.forms.second_factor import AppPasswordForm
from security.services.app_passwords import create_app_password, revoke_app_password


@member_only
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def create(request: ConsoleRequest) -> HttpResponse:
    form = AppPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            made = create_app_password(
                account=request.user, **form.cleaned_data, actor=request.operator
            )
        except SecurityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return render_page(request, "security/app_password_made.html", {"made": made})
    status = 422 if form.is_bound else 200
    return render_page(request, "security/app_password_form.html", {"form": form}, status=status)


@member_only
@require_POST
def revoke(request: ConsoleRequest, pk: int) -> HttpResponse:
    app_password = get_object_or_404(request.user.app_passwords, pk=pk)
    revoke_app_password(app_password=app_password, actor=request.operator)
    messages.success(
        request, _("The app password “%(name)s” opens nothing any more.") % {"name": app_password}
    )
    return go_to(request, "account-security")
