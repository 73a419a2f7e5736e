"""The directory's settings (manual, 5.1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import AccountRefused
from accounts.models import Account, Address, ClosedDepartment
from accounts.selectors.accounts import AccountQuery, account_page
from accounts.selectors.directory import directory_lines, is_on
from accounts.services.directory import (
    FUNCTION,
    choose_address,
    close_department,
    show_members,
    switch_directory,
)
from accounts.views.selection import chosen_department
from admin_platform.htmx import go_to, render_page, wants_part
from admin_platform.htmx_events import toast
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires
from orgs.models import Department
from orgs.selectors.tree import rail
from orgs.tree_state import open_nodes

LIST = "directory:list"
FORM = "directory-picked"


@requires("directory.view")
@require_GET
def directory_list(request: ConsoleRequest) -> HttpResponse:
    """The members of a department (?department=) and below; ?q= narrows."""
    return _page(request)


def _page(request: ConsoleRequest) -> HttpResponse:
    department = chosen_department(request.operator, request.GET)
    search = request.GET.get("q", "")[:64]
    page = account_page(AccountQuery(department, search=search), cursors=request.GET)
    context = _context(request, department) | {
        "search": search,
        "page": page,
        "lines": directory_lines(page.items),
    }
    return render_page(request, "accounts/directory_list.html", context, part="rows")


def _context(request: ConsoleRequest, department: Department) -> dict[str, Any]:
    return {
        "department": department,
        "rail": rail(request.operator, department, open_nodes(request), to=LIST),
        "is_on": is_on(request.user.organization_id),
        "is_closed": ClosedDepartment.objects.filter(department=department).exists(),
        "may_switch": request.operator.can_everywhere(FUNCTION),
        "picked_form": FORM,
    }


@requires(FUNCTION)
@require_POST
def directory_switch(request: ConsoleRequest) -> HttpResponse:
    shown = request.POST.get("is_on") == "on"
    try:
        switch_directory(
            organization=request.user.organization, is_on=shown, actor=request.operator
        )
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("Members see the directory.") if shown else _("Nobody sees the directory.")
        messages.success(request, text)
    return go_to(request, _list_url(request))


@requires(FUNCTION)
@require_POST
def directory_show(request: ConsoleRequest) -> HttpResponse:
    """Show or hide (show=1, show=0) the ticked members (id)."""
    ids = plain_ids(request.POST.getlist("id"))
    if not ids:
        return _answer(request, _("Tick the accounts first."), is_refusal=True)
    return _show(request, ids, request.POST.get("show") == "1")


@requires(FUNCTION)
@require_POST
def directory_toggle(request: ConsoleRequest, pk: int) -> HttpResponse:
    accounts = request.operator.scope(Account.objects.filter(deleted_at=None))
    (line,) = directory_lines([get_object_or_404(accounts, pk=pk)])
    return _show(request, [pk], not line.is_visible)


def _show(request: ConsoleRequest, ids: list[int], shown: bool) -> HttpResponse:
    try:
        show_members(account_ids=ids, is_visible=shown, actor=request.operator)
    except AccountRefused as refusal:
        return _answer(request, str(refusal), is_refusal=True)
    count = {"n": len(ids)}
    if shown:
        text = ngettext("%(n)s member is shown", "%(n)s members are shown", len(ids))
    else:
        text = ngettext("%(n)s member is hidden", "%(n)s members are hidden", len(ids))
    return _answer(request, text % count)


@requires(FUNCTION)
@require_POST
def directory_address(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show another address (address-<pk>=) of a member."""
    accounts = request.operator.scope(Account.objects.filter(deleted_at=None))
    account = get_object_or_404(accounts, pk=pk)
    chosen = plain_ids([request.POST.get(f"address-{pk}", "")])
    address = get_object_or_404(Address.objects.filter(account=account), pk__in=chosen)
    try:
        choose_address(account=account, address=address, actor=request.operator)
    except AccountRefused as refusal:
        return _answer(request, str(refusal), is_refusal=True)
    values = {"name": account.name, "address": address.address}
    return _answer(request, _("%(name)s is shown with %(address)s") % values)


@requires(FUNCTION)
@require_POST
def directory_close(request: ConsoleRequest, pk: int) -> HttpResponse:
    department = get_object_or_404(request.operator.scope(Department.objects.all()), pk=pk)
    closed = request.POST.get("closed") == "1"
    close_department(department=department, is_closed=closed, actor=request.operator)
    values = {"name": department.name}
    text = _("Only members of “%(name)s” see one another") if closed else _("All see “%(name)s”")
    messages.success(request, text % values)
    return go_to(request, f"{reverse(LIST)}?department={department.pk}")


def _answer(request: ConsoleRequest, text: str, *, is_refusal: bool = False) -> HttpResponse:
    """The rows anew with a word of what happened; without scripts the list again."""
    if wants_part(request):
        return toast(_page(request), text, kind="danger" if is_refusal else "ok")
    add = messages.error if is_refusal else messages.success
    add(request, text)
    return go_to(request, _list_url(request))


def _list_url(request: ConsoleRequest) -> str:
    return f"{reverse(LIST)}?{request.GET.urlencode()}"
