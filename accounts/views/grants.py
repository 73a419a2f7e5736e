"""Grants: the list, giving roles, taking them away (manual, 8.2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import AccountRefused
from accounts.forms.grants import PAGE, GrantFilterForm, GrantForm
from accounts.models import Grant
from accounts.selectors.grants import grant_lines, grant_page, grants_found
from accounts.services.grants import Granted, grant_roles, may_revoke, revoke_grants
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires
from orgs.selectors.tree import Rail, found, rail
from orgs.tree_state import open_nodes

VIEW, MANAGE = "grant.view", "grant.manage"
LIST = "grants:grant-list"
NAMED = 20


@requires(VIEW)
@require_GET
def grant_list(request: ConsoleRequest) -> HttpResponse:
    form = GrantFilterForm(request.GET, operator=request.operator)
    query = form.query
    grants = grants_found(request.operator.scope(Grant.objects.all()), query)
    page = grant_page(grants, cursors=request.GET)
    lines = grant_lines(page.items)
    context = {
        "filter": form,
        "department": query.department,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "lines": lines,
        "rail": rail(request.operator, query.department, open_nodes(request), to=LIST),
        "manages": request.operator.can(MANAGE),
    }
    return render_page(request, "accounts/grants/grant_list.html", context, part="rows")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def grant_create(request: ConsoleRequest) -> HttpResponse:
    """?role= and ?accounts= choose what the form begins with."""
    form = GrantForm(request.POST or None, shown=request.GET, operator=request.operator)
    if form.is_valid():
        try:
            granted = grant_roles(
                account_ids=[account.pk for account in form.cleaned_data["accounts"]],
                organization_id=request.user.organization_id,
                role=form.cleaned_data["role"],
                department_ids=form.cleaned_data["departments"],
                actor=request.operator,
            )
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            _tell(request, granted)
            return go_to(request, LIST)
    query = request.GET.get("departments-find", "").strip()
    context = {
        "form": form,
        "chosen": form.chosen,
        "rail": _choices(request, query, form.chosen),
        "query": query,
    }
    part = "tree" if "departments-find" in request.GET else "form"
    return render_page(
        request,
        "accounts/grants/grant_create.html",
        context,
        part=part,
        status=422 if form.is_bound else 200,
    )


def _tell(request: ConsoleRequest, granted: Granted) -> None:
    number = len(granted.grants)
    text = ngettext("Granted to %(n)d member", "Granted to %(n)d members", number) % {"n": number}
    if granted.present:
        names = "、".join(account.name for account in granted.present[:NAMED])
        text = _("%(done)s; %(names)s had the role already") % {"done": text, "names": names}
    messages.success(request, text)


def _choices(request: ConsoleRequest, query: str, chosen: list[int]) -> Rail:
    if query:
        return found(request.operator, query, to=PAGE, chosen=chosen)
    return rail(request.operator, to=PAGE, chosen=chosen)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def grant_revoke(request: ConsoleRequest) -> HttpResponse:
    """Ask for the grants of ?id=, then revoke them all or none."""
    ids = plain_ids(request.GET.getlist("id"))
    grants = request.operator.scope(Grant.objects.select_related("account", "role"))
    chosen = list(grants.filter(pk__in=ids).prefetch_related("departments").order_by("-pk"))
    own = [grant for grant in chosen if grant.account_id == request.operator.account_id]
    refusal: AccountRefused | str = ""
    if request.method == "POST":
        if own and not request.POST.get("own"):
            refusal = _("Confirm that you take away your own rights.")
        else:
            try:
                revoke_grants(
                    grant_ids=ids,
                    organization_id=request.user.organization_id,
                    actor=request.operator,
                )
            except AccountRefused as error:
                refusal = error
            else:
                return _revoked(request, len(chosen))
    context: dict[str, Any] = {
        "title": ngettext("Revoke %(n)d grant", "Revoke %(n)d grants", len(chosen))
        % {"n": len(chosen)},
        "lines": grant_lines(chosen[:NAMED]),
        "more": max(len(chosen) - NAMED, 0),
        "count": len(chosen),
        "own": own,
        "blocked": [grant for grant in chosen if not may_revoke(request.operator, grant)],
        "refusal": refusal,
    }
    return render_page(
        request, "accounts/grants/grant_revoke.html", context, status=422 if refusal else 200
    )


def _revoked(request: ConsoleRequest, number: int) -> HttpResponse:
    text = ngettext("Revoked %(n)d grant", "Revoked %(n)d grants", number) % {"n": number}
    messages.success(request, text)
    return go_to(request, LIST)
