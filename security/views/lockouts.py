"""Locked accounts, unlocking them, and when accounts lock (manual, 9.2.2)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from admin_platform.changed import changed
from admin_platform.htmx import go_to, render_page, wants_part
from admin_platform.htmx_events import toast
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page, page_size
from admin_platform.permissions import requires
from security.forms.lockouts import LockoutRuleForm
from security.models import Lockout
from security.selectors.lockouts import locked_accounts, lockout_rows, lockout_rule_of, search
from security.services.lockouts import change_lockout_rule, unlock_accounts


@requires("lockout.view")
@require_GET
def lockout_list(request: ConsoleRequest) -> HttpResponse:
    return _page(request)


@requires("lockout.manage")
@require_POST
def unlock(request: ConsoleRequest) -> HttpResponse:
    """One account by its own button (only), or all that are ticked (id)."""
    wanted = request.POST.getlist("only") or request.POST.getlist("id")
    ids = [int(text) for text in wanted if text.isdecimal() and len(text) < 19]
    chosen = request.operator.scope(Lockout.objects.filter(pk__in=ids))
    count = unlock_accounts(account_ids=[lockout.pk for lockout in chosen], actor=request.operator)
    text = ngettext("Unlocked %(n)d account", "Unlocked %(n)d accounts", count) % {"n": count}
    if wants_part(request):
        return toast(_page(request), text)
    messages.success(request, text)
    return go_to(request, "lockouts:list")


def _page(request: ConsoleRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    lockouts: QuerySet[Lockout] = search(request.operator.scope(locked_accounts()), query)
    page = keyset_page(
        lockouts,
        key="locked_at",
        rows=lockout_rows(),
        cursors=request.GET,
        descending=True,
        size=page_size(request.GET.get("size")),
        total=lambda: capped_total(lockouts),
    )
    rule = lockout_rule_of(request.user.organization_id)
    context = {"page": page, "query": query, "rule": rule}
    return render_page(request, "security/lockout_list.html", context, part="rows")


@requires("lockout.configure")
@require_http_methods(["GET", "POST"])
def configure(request: ConsoleRequest) -> HttpResponse:
    organization = request.user.organization
    form = LockoutRuleForm(request.POST or None, instance=lockout_rule_of(organization.pk))
    if form.is_valid():
        change_lockout_rule(organization=organization, **form.cleaned_data, actor=request.operator)
        return changed(
            request, _("The settings are saved."), event="lockouts-changed", back="lockouts:list"
        )
    context = {"title": _("When accounts lock"), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "security/lockout_configure.html", context, status=status)
