"""Members' own rules for sign-in by IP address (manual, 9.2.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import AccountRefused
from admin_platform.changed import changed
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page, page_size
from admin_platform.permissions import requires
from security.forms.ip_rules import MemberRulesForm, NewMemberRulesForm
from security.forms.ranges import ConfirmingForm
from security.models import IpPolicy
from security.selectors.ip_policies import policy_rows, search_policies
from security.services.ip_policies import (
    change_ip_policy,
    create_ip_policies,
    delete_ip_policy,
    rules_of,
)
from security.views.ip_rules import MANAGE, attempt, dialog


@requires("ip_rule.view")
@require_GET
def policy_list(request: ConsoleRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    policies = search_policies(request.operator.scope(IpPolicy.objects.all()), query)
    page = keyset_page(
        policies,
        key="changed_at",
        rows=policy_rows(),
        cursors=request.GET,
        descending=True,
        size=page_size(request.GET.get("size")),
        total=lambda: capped_total(policies),
    )
    rows = [(policy, rules_of(policy)) for policy in page.items]
    context = {"page": page, "rows": rows, "query": query}
    return render_page(request, "security/ip_policy_list.html", context, part="rows")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def policy_create(request: ConsoleRequest) -> HttpResponse:
    form = NewMemberRulesForm(request.POST or None, shown=request.GET, operator=request.operator)

    def save() -> None:
        create_ip_policies(
            accounts=list(form.cleaned_data["members"]),
            rules=form.rules,
            confirmed=form.cleaned_data["confirmed"],
            actor=request.operator,
        )

    if form.is_valid() and _attempt(form, save):
        count = len(form.cleaned_data["members"])
        text = ngettext(
            "%(n)d member has own rules now.", "%(n)d members have own rules now.", count
        )
        return _saved(request, text % {"n": count})
    return dialog(request, "security/ip_policy_form.html", _("New member rule"), form)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def policy_change(request: ConsoleRequest, pk: int) -> HttpResponse:
    policy = fetch(request, pk)
    form = MemberRulesForm(request.POST or None, initial=rules_of(policy).values)

    def save() -> None:
        change_ip_policy(
            policy=policy,
            rules=form.rules,
            confirmed=form.cleaned_data["confirmed"],
            actor=request.operator,
        )

    if form.is_valid() and _attempt(form, save):
        return _saved(
            request, _("The rules of %(name)s are saved.") % {"name": policy.account.name}
        )
    title = _("Edit member rule")
    return dialog(request, "security/ip_policy_form.html", title, form, policy=policy)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def policy_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    policy = fetch(request, pk)
    form = ConfirmingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _attempt(
        form, lambda: delete_ip_policy(policy=policy, **form.cleaned_data, actor=request.operator)
    ):
        text = _("The default rules hold for %(name)s again.") % {"name": policy.account.name}
        return changed(request, text, event="ip-rules-changed", back="ip-rules:members")
    title = _("Delete member rule")
    return dialog(request, "security/ip_policy_delete.html", title, form, policy=policy)


def fetch(request: ConsoleRequest, pk: int) -> IpPolicy:
    policies = request.operator.scope(policy_rows())
    policy: IpPolicy = get_object_or_404(policies, pk=pk)
    return policy


def _attempt(form: ConfirmingForm, save: Callable[[], Any]) -> bool:
    """As for default rules; here an account can be out of reach, too."""
    try:
        return attempt(form, save)
    except AccountRefused as refusal:
        form.add_error(None, str(refusal))
        return False


def _saved(request: ConsoleRequest, text: str) -> HttpResponse:
    """Back to the list, whose page the form is not part of."""
    messages.success(request, text)
    return go_to(request, "ip-rules:members")
