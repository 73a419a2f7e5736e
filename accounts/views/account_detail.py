"""The page of an account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.models import Account
from accounts.selectors.detail import account_detail as details
from accounts.selectors.history import history_page
from accounts.services.rights import account_rights
from admin_platform.audit_values import differences
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires


def fetch(request: ConsoleRequest, pk: int) -> Account:
    accounts = Account.objects.filter(deleted_at=None).select_related("mailbox", "domain")
    account: Account = get_object_or_404(request.operator.scope(accounts), pk=pk)
    return account


@requires("account.view")
@require_GET
def account_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    account = fetch(request, pk)
    page = history_page(account, request.operator, cursors=request.GET)
    context = {
        "tab": "accounts",
        "account": account,
        "detail": details(account, request.operator),
        "may": account_rights(request.operator, account),
        "page": page,
        "history": [(record, differences(record)) for record in page.items] if page else [],
    }
    return render_page(request, "accounts/account_detail.html", context)
