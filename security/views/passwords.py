from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only
from security.errors import WrongPassword
from security.forms.passwords import PasswordChangeForm
from security.selectors.password_rules import has_expired_password, password_expires_at
from security.services.passwords import change_own_password


@member_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: ConsoleRequest) -> HttpResponse:
    """One's own password (manual, 9.1.1); also where a first sign-in is led."""
    form = PasswordChangeForm(request.POST or None)
    if form.is_valid():
        try:
            change_own_password(
                account=request.user,
                old_password=form.cleaned_data["old_password"],
                new_password=form.cleaned_data["new_password"],
                actor=request.operator,
            )
        except WrongPassword as refusal:
            form.add_error("old_password", str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password is changed; other sessions have ended."))
            return go_to(request, "home" if request.operator.has_console else "webmail:home")
    return render_page(
        request,
        "security/password_change.html",
        {
            "form": form,
            "expires_at": password_expires_at(request.user),
            "expired": has_expired_password(request.user),
        },
        status=422 if form.is_bound else 200,
    )
