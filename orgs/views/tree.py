"""The tree beside the lists: its parts as they are asked for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from admin_platform import functions
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import console_only
from orgs.models import Department
from orgs.selectors.departments import top_departments
from orgs.selectors.tree import DETAIL, children, found, link_to, rail
from orgs.tree_state import open_nodes, remember


def stand_on_target(request: ConsoleRequest) -> str:
    """The page that the tree's links lead to (?to=); the operator then has that page's scope.

    Http404 for what is no page with departments, PermissionDenied for one that the
    operator may not use.
    """
    to = request.GET.get("to", DETAIL)
    try:
        view = resolve(link_to(to, 0).partition("?")[0]).func
    except NoReverseMatch:
        raise Http404 from None
    function = getattr(view, "needs", "")
    if not functions.is_known(function):
        raise Http404
    if not request.operator.can(function):
        raise PermissionDenied
    request.operator = request.operator.at(function)
    return to


@console_only
@require_GET
def tree_children(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The children of a department, a part at a time, as list items.

    pick: to be chosen from instead of followed, all but the department of this id; or
    "levels", where one of each level can be chosen.
    """
    to = stand_on_target(request)
    department = get_object_or_404(request.operator.scope(Department.objects.all()), pk=pk)
    early, pick = request.GET.get("early", ""), request.GET.get("pick", "")
    node = children(
        department,
        to=to,
        offset=_number(request.GET.get("offset", "")),
        early_id=_number(early) if early else None,
    )
    context = {
        "node": node,
        "to": to,
        "blocked_id": _number(pick) if pick else None,
        "levels": pick == "levels",
    }
    return render(request, "orgs/tree_children.html", context)


@console_only
@require_GET
def tree_search(request: ConsoleRequest) -> HttpResponse:
    """The departments found with what leads to them; the whole tree for an empty query."""
    to, query = stand_on_target(request), request.GET.get("q", "").strip()
    if query:
        tree = found(request.operator, query, to=to)
    else:
        tree = rail(request.operator, None, open_nodes(request), to=to)
    context = {"rail": tree, "query": query, "tab": "departments"}
    return render_page(request, "orgs/tree_search.html", context, part="tree")


@console_only
@require_GET
def tree_toggle(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Open (?open=1) or close a department without scripts, and go back to the page."""
    opened = open_nodes(request)
    if opened is None:
        opened = list(top_departments(request.operator).values_list("pk", flat=True))
    opened = [other for other in opened if other != pk]
    if request.GET.get("open"):
        opened.append(pk)
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("home")
    response = redirect(back)
    remember(response, opened)
    return response


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
