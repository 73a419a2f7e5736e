"""Moving departments: by the picker, by drag and drop, step by step."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_platform.htmx import go_to, render_page, wants_part
from admin_platform.htmx_events import toast
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires
from orgs.errors import DepartmentRefused, RootIsFixed
from orgs.forms.departments import MoveForm
from orgs.models import Department
from orgs.selectors.departments import paths
from orgs.selectors.tree import Rail, found, rail
from orgs.services.moves import move_department, place_of, shift_department
from orgs.views.edits import MANAGE, done, fetch

PICKER = "orgs:department-move"


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def department_move(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Choose the new parent from a tree with search (?q=)."""
    department = fetch(request, pk)
    form = MoveForm(request.POST or None, choices=request.operator.scope(Department.objects.all()))
    if form.is_valid() and (response := _moved(request, department, form)):
        return response
    query = (request.POST.get("q") or request.GET.get("q", "")).strip()
    chosen = plain_ids([request.POST.get("target") or request.GET.get("target", "")])
    context = {
        "title": _("Move department “%(name)s”") % {"name": department.name},
        "form": form,
        "department": department,
        "blocked_id": department.pk,
        "where": paths([department.pk])[department.pk],
        "query": query,
        "chosen": chosen,
        "rail": _choices(request, department, query, chosen),
    }
    return render_page(
        request,
        "orgs/department_move.html",
        context,
        part="picker" if request.method == "GET" and "q" in request.GET else None,
        status=422 if form.is_bound else 200,
    )


@requires(MANAGE)
@require_POST
def department_drop(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Move to ?target= and ?position=: a drop in the tree, or its "undo"."""
    department = fetch(request, pk)
    form = MoveForm(request.GET, choices=request.operator.scope(Department.objects.all()))
    if form.is_valid() and (response := _moved(request, department, form)):
        return response
    return _refused(request, department, form.reasons)


@requires(MANAGE)
@require_POST
def department_shift(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One place up (places=-1) or down among its siblings."""
    department = fetch(request, pk)
    places = -1 if request.POST.get("places") == "-1" else 1
    try:
        shift_department(department=department, places=places, actor=request.operator)
    except DepartmentRefused as refusal:
        return _refused(request, department, str(refusal))
    return done(request, _("Changed the order"), department.parent or department)


def _moved(request: ConsoleRequest, department: Department, form: MoveForm) -> HttpResponse | None:
    """The answer after the move; None when it was refused, which the form then shows."""
    try:
        undo = _undo_address(department)
        move_department(
            department=department,
            target=form.cleaned_data["target"],
            position=form.cleaned_data["position"],
            seen_parent_id=form.cleaned_data["seen_parent"],
            actor=request.operator,
        )
    except DepartmentRefused as refusal:
        form.refuse(refusal)
        return None
    return done(
        request, _("Moved department “%(name)s”") % {"name": department.name}, department, undo
    )


def _undo_address(department: Department) -> str:
    if department.parent is None:
        raise RootIsFixed(department)
    target, position = place_of(department)
    back = urlencode({"target": target.pk, "position": position})
    return f"{reverse('orgs:department-drop', args=[department.pk])}?{back}"


def _choices(
    request: ConsoleRequest, department: Department, query: str, chosen: list[int]
) -> Rail:
    if query:
        return found(request.operator, query, to=PICKER, chosen=chosen)
    return rail(request.operator, department, [], to=PICKER, chosen=chosen)


def _refused(request: ConsoleRequest, department: Department, text: str) -> HttpResponse:
    """The page stays as it is and says why."""
    if wants_part(request):
        answer = HttpResponse(status=422, headers={"HX-Reswap": "none"})
        return toast(answer, text, kind="danger")
    messages.error(request, text)
    return go_to(request, "orgs:department-detail", pk=department.pk)
