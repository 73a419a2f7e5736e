"""Changing many accounts at once: departments (manual, 4.2④), status (4.2⑤), other fields."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.errors import AccountRefused
from accounts.forms.bulk import EditForm, MoveForm, StatusForm
from accounts.forms.departments import asks_for_departments, sent_picker
from accounts.services.bulk_edit import edit_accounts
from accounts.services.departments import set_departments
from accounts.services.status import set_status
from accounts.views.selection import chosen_accounts, done, nothing_chosen, selection_context
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from orgs.models import Department


@requires("account.move")
@require_http_methods(["GET", "POST"])
def account_move(request: ConsoleRequest) -> HttpResponse:
    """Into one or several departments, which without scripts are found by the form's button."""
    accounts = chosen_accounts(request)
    if not accounts:
        return nothing_chosen(request)
    is_sent = request.method == "POST" and not asks_for_departments(request)
    form = MoveForm(request.POST or None, in_scope=request.operator.scope(Department.objects.all()))
    if is_sent and form.is_valid():
        ids = [account.pk for account in accounts]
        try:
            set_departments(account_ids=ids, **form.cleaned_data, actor=request.operator)
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            text = ngettext("Moved %(n)s account", "Moved %(n)s accounts", len(ids))
            return done(request, text % {"n": len(ids)})
    title = ngettext("Move %(n)s account", "Move %(n)s accounts", len(accounts))
    context = selection_context(request, accounts, title) | {
        "form": form if is_sent else form.unjudged(),
        "picker": sent_picker(request.operator, request.POST),
    }
    status = 422 if is_sent else 200
    return render_page(request, "accounts/account_move.html", context, status=status)


@requires("account.status")
@require_http_methods(["GET", "POST"])
def account_status(request: ConsoleRequest) -> HttpResponse:
    """Normal, disabled or frozen, and until when they are valid."""
    accounts = chosen_accounts(request)
    if not accounts:
        return nothing_chosen(request)
    form = StatusForm(
        request.POST or None,
        organization=request.user.organization,
        present={account.status for account in accounts},
    )
    if form.is_valid():
        ids = [account.pk for account in accounts]
        try:
            set_status(account_ids=ids, change=form.change, actor=request.operator)
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            text = ngettext(
                "Changed the status of %(n)s account",
                "Changed the status of %(n)s accounts",
                len(ids),
            )
            return done(request, text % {"n": len(ids)})
    title = ngettext(
        "Change the status of %(n)s account", "Change the status of %(n)s accounts", len(accounts)
    )
    context = selection_context(request, accounts, title) | {"form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "accounts/account_status.html", context, status=status)


@requires("account.change")
@require_http_methods(["GET", "POST"])
def account_bulk_edit(request: ConsoleRequest) -> HttpResponse:
    """The same position, quota, rights and protocols for all that are chosen."""
    accounts = chosen_accounts(request)
    if not accounts:
        return nothing_chosen(request)
    is_sent = "title" in request.POST
    form = EditForm(request.POST if is_sent else None)
    if form.is_valid():
        ids = [account.pk for account in accounts]
        try:
            count = edit_accounts(account_ids=ids, values=form.values, actor=request.operator)
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            text = ngettext("Changed %(n)s account", "Changed %(n)s accounts", count)
            return done(request, text % {"n": count})
    title = ngettext("Edit %(n)s account", "Edit %(n)s accounts", len(accounts))
    context = selection_context(request, accounts, title) | {
        "form": form,
        "without_mailbox": sum(not account.has_mailbox for account in accounts),
    }
    status = 422 if is_sent else 200
    return render_page(request, "accounts/account_bulk_edit.html", context, status=status)
