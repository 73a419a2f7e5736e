"""Deleting accounts, and restoring or removing the deleted ones (manual, 4.2③)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import AccountRefused
from accounts.forms.deletion import DeleteForm
from accounts.models import Deletion
from accounts.selectors.deletions import deletion_page
from accounts.services.deletion import FUNCTION, delete_accounts, restore_accounts
from accounts.services.purge import purge_accounts
from accounts.ties import ties_of
from accounts.views.selection import chosen_accounts, done, nothing_chosen, selection_context
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires

LIST = "accounts:deleted-list"
FORM = "deleted"


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def account_delete(request: ConsoleRequest) -> HttpResponse:
    """What hangs on the accounts is shown first; a member to take the mail is searched for."""
    accounts = chosen_accounts(request)
    if not accounts:
        return nothing_chosen(request)
    ids = [account.pk for account in accounts]
    form = DeleteForm(
        request.POST or None,
        operator=request.operator,
        has_mail=any(account.has_mailbox for account in accounts),
    )
    if form.is_valid():
        try:
            delete_accounts(account_ids=ids, heir=form.wanted_heir, actor=request.operator)
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            text = ngettext("Deleted %(n)s account", "Deleted %(n)s accounts", len(ids))
            return done(request, text % {"n": len(ids)})
    title = ngettext("Delete %(n)s account", "Delete %(n)s accounts", len(accounts))
    context = selection_context(request, accounts, title) | {
        "form": form,
        "ties": ties_of(ids, request.operator),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "accounts/account_delete.html", context, status=status)


@requires(FUNCTION)
@require_GET
def deleted_list(request: ConsoleRequest) -> HttpResponse:
    search = request.GET.get("q", "")[:64]
    page = deletion_page(request.operator, search=search, cursors=request.GET)
    context = {"tab": "accounts", "page": page, "search": search, "picked_form": FORM}
    return render_page(request, "accounts/deleted_list.html", context, part="rows")


@requires(FUNCTION)
@require_POST
def account_restore(request: ConsoleRequest) -> HttpResponse:
    def restore(ids: list[int]) -> str:
        restore_accounts(account_ids=ids, actor=request.operator)
        text = ngettext("Restored %(n)s account", "Restored %(n)s accounts", len(ids))
        return text % {"n": len(ids)}

    return _do(request, restore)


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def account_purge(request: ConsoleRequest) -> HttpResponse:
    """Asks again, for nothing brings them back."""
    chosen = _chosen(request)
    if not chosen:
        return _nothing_chosen(request)
    if request.method == "GET":
        return render_page(request, "accounts/account_purge.html", _purge_context(chosen))

    def purge(ids: list[int]) -> str:
        purge_accounts(account_ids=ids, actor=request.operator)
        text = ngettext(
            "%(n)s account is being removed for good",
            "%(n)s accounts are being removed for good",
            len(ids),
        )
        return text % {"n": len(ids)}

    return _do(request, purge)


def _purge_context(chosen: list[Deletion]) -> dict[str, Any]:
    title = ngettext("Remove %(n)s account for good", "Remove %(n)s accounts for good", len(chosen))
    return {"tab": "accounts", "deletions": chosen, "title": title % {"n": len(chosen)}}


def _do(request: ConsoleRequest, change: Callable[[list[int]], str]) -> HttpResponse:
    chosen = _chosen(request)
    if not chosen:
        return _nothing_chosen(request)
    try:
        messages.success(request, change([deletion.pk for deletion in chosen]))
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    return go_to(request, LIST)


def _chosen(request: ConsoleRequest) -> list[Deletion]:
    """Http404 where one is gone or out of scope."""
    asked = request.POST or request.GET
    ids = set(plain_ids(asked.getlist("id")))
    in_scope = request.operator.scope(Deletion.objects.filter(pk__in=ids))
    found = list(in_scope.select_related("account").order_by("account__pinyin", "pk"))
    if len(found) != len(ids):
        raise Http404
    return found


def _nothing_chosen(request: ConsoleRequest) -> HttpResponse:
    messages.warning(request, _("Tick the accounts first."))
    return go_to(request, LIST)
