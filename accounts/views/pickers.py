"""Members to choose from, for the forms of all pages (components/_account_picker.html)."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.selectors.picking import find_candidates
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import console_only
from orgs.views.tree import stand_on_target


@console_only
@require_GET
def account_picker(request: ConsoleRequest) -> HttpResponse:
    """The members found for a field (?field=) of a page (?to=), whose scope holds."""
    to, field = stand_on_target(request), request.GET.get("field", "accounts")
    query = request.GET.get(f"{field}-find", "")
    chosen = plain_ids(request.GET.getlist(field))
    context = {
        "found": find_candidates(request.operator, query, without=chosen),
        "query": query,
        "name": field,
        "to": to,
    }
    return render_page(request, "accounts/account_picker.html", context, part="found")
