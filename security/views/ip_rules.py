"""The default rules for sign-in by IP address (manual, 9.2.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.changed import changed
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page
from admin_platform.permissions import requires
from security.errors import LocksOutActor, SecurityRefused
from security.forms.ip_rules import IpRuleForm
from security.forms.ranges import ConfirmingForm
from security.models import IpRule
from security.selectors.networks import default_elsewhere
from security.services.ip_rules import change_ip_rule, create_ip_rule, delete_ip_rule

MANAGE = "ip_rule.manage"


@requires("ip_rule.view")
@require_GET
def rule_list(request: ConsoleRequest) -> HttpResponse:
    rules = request.operator.scope(IpRule.objects.filter(policy=None))
    page = keyset_page(
        rules,
        key="id",
        rows=IpRule.objects.all(),
        cursors=request.GET,
        descending=True,
        total=lambda: capped_total(rules),
    )
    context = {
        "page": page,
        "elsewhere": default_elsewhere(request.user.organization_id),
        "manages": request.operator.can_everywhere(MANAGE),
    }
    return render_page(request, "security/ip_rule_list.html", context, part="rows")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def rule_create(request: ConsoleRequest) -> HttpResponse:
    form = IpRuleForm(request.POST or None)

    def save() -> None:
        create_ip_rule(
            organization_id=request.user.organization_id, **form.values, actor=request.operator
        )

    if form.is_valid() and attempt(form, save):
        return saved(request, _("The default rule is created."))
    return dialog(request, "security/ip_rule_form.html", _("New default rule"), form)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def rule_change(request: ConsoleRequest, pk: int) -> HttpResponse:
    rule = fetch(request, pk)
    form = IpRuleForm(request.POST or None, rule=rule)
    if form.is_valid() and attempt(
        form, lambda: change_ip_rule(rule=rule, **form.values, actor=request.operator)
    ):
        return saved(request, _("The default rule is changed."))
    return dialog(request, "security/ip_rule_form.html", _("Edit default rule"), form)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def rule_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    rule = fetch(request, pk)
    form = ConfirmingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(
        form, lambda: delete_ip_rule(rule=rule, **form.cleaned_data, actor=request.operator)
    ):
        return saved(request, _("The default rule is deleted."))
    title = _("Delete default rule")
    return dialog(request, "security/ip_rule_delete.html", title, form, rule=rule)


def fetch(request: ConsoleRequest, pk: int) -> IpRule:
    rules = request.operator.scope(IpRule.objects.filter(policy=None))
    rule: IpRule = get_object_or_404(rules, pk=pk)
    return rule


def attempt(form: ConfirmingForm, save: Callable[[], Any]) -> bool:
    """Whether it is saved; else the form says why, or asks."""
    try:
        save()
    except LocksOutActor as refusal:
        form.ask(refusal)
    except SecurityRefused as refusal:
        form.refuse(refusal)
    else:
        return True
    return False


def saved(request: ConsoleRequest, text: str) -> HttpResponse:
    return changed(request, text, event="ip-rules-changed", back="ip-rules:list")


def dialog(
    request: ConsoleRequest, template: str, title: str, form: ConfirmingForm, **more: Any
) -> HttpResponse:
    context = {"title": title, "form": form, **more}
    return render_page(request, template, context, status=422 if form.is_bound else 200)
