"""The page of the password rules (manual, 9.1.2), and the list that is ticked off while typing."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.name_pinyin import name_pinyin
from admin_platform.permissions import member_only, requires
from security.forms.password_rules import PasswordRuleForm
from security.password_rules import Rule, rules_of
from security.selectors.password_rules import count_expired, password_rule_of
from security.services.password_rules import change_password_rules

PASSWORD_MAX_LENGTH = 128


@requires("password_rule.view")
@require_GET
def password_rules(request: ConsoleRequest) -> HttpResponse:
    return _page(request, PasswordRuleForm(rule=password_rule_of(request.user.organization)))


@requires("password_rule.manage")
@require_POST
def save(request: ConsoleRequest) -> HttpResponse:
    organization = request.user.organization
    form = PasswordRuleForm(request.POST, rule=password_rule_of(organization))
    if form.is_valid():
        change_password_rules(organization=organization, values=form.values, actor=request.operator)
        messages.success(request, _("The password rules are saved."))
        return go_to(request, "password-rules")
    return _page(request, form)


def _page(request: ConsoleRequest, form: PasswordRuleForm) -> HttpResponse:
    context = {
        "form": form,
        "expired": count_expired(request.user.organization),
    }
    status = 422 if form.errors else 200
    return render_page(request, "security/password_rules.html", context, status=status)


@member_only
@never_cache
@sensitive_post_parameters()
@require_POST
def check(request: ConsoleRequest) -> HttpResponse:
    """Which rules a password keeps, for the list beside its field (`password_rules` tag).

    Of an account that exists nothing is looked at but one's own name: no former passwords.
    """
    account = request.user if "own" in request.GET else _person_in_form(request)
    password = request.POST.get(request.GET.get("field", "password"), "")[:PASSWORD_MAX_LENGTH]
    rules = rules_of(account, password_rule_of(request.user.organization))
    context = {"rules": [(rule, _state(rule, password)) for rule in rules]}
    return render_page(request, "security/_password_rule_items.html", context)


def _person_in_form(request: ConsoleRequest) -> Account:
    name, local_part = (request.POST.get(key, "")[:64] for key in ("name", "local_part"))
    return Account(
        organization=request.user.organization,
        name=name,
        pinyin=name_pinyin(name),
        local_part=local_part,
    )


def _state(rule: Rule, password: str) -> str:
    if not password or rule.on_saving:
        return ""
    return "kept" if rule.holds(password) else "broken"
