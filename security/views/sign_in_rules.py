"""The page of second factor and sessions (manual, 2 and 3③)."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from security.forms.sign_in_rules import SignInRuleForm
from security.selectors.member_security import adoption
from security.selectors.sign_in_rules import has_second_factor, sign_in_rule_of
from security.services.sign_in_rules import change_sign_in_rules


@requires("sign_in_rule.view")
@require_GET
def sign_in_rules(request: ConsoleRequest) -> HttpResponse:
    return _page(request, SignInRuleForm(rule=sign_in_rule_of(request.user.organization)))


@requires("sign_in_rule.manage")
@require_POST
def save(request: ConsoleRequest) -> HttpResponse:
    organization = request.user.organization
    form = SignInRuleForm(request.POST, rule=sign_in_rule_of(organization))
    if form.is_valid():
        change_sign_in_rules(
            organization=organization, values=form.cleaned_data, actor=request.operator
        )
        messages.success(request, _("The sign-in rules are saved."))
        return go_to(request, "sign-in-rules")
    return _page(request, form)


def _page(request: ConsoleRequest, form: SignInRuleForm) -> HttpResponse:
    context = {
        "form": form,
        "adoption": adoption(request.user.organization),
        "has_own": has_second_factor(request.user),
    }
    status = 422 if form.errors else 200
    return render_page(request, "security/sign_in_rules.html", context, status=status)
