"""The list of accounts (manual, 4.2), and its export."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.filters import AccountListForm
from accounts.selectors.accounts import account_page
from accounts.selectors.export import HEADINGS
from accounts.services.bulk import MAX_SELECTED
from accounts.services.exports import export_accounts
from accounts.tables import COLUMNS, FORM, account_table, chosen_columns, column_choices
from accounts.views.selection import LIST, chosen_department
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import SIZES
from admin_platform.permissions import requires
from admin_platform.spreadsheets import CSV_TYPE, csv_lines
from orgs.models import Department
from orgs.selectors.departments import ancestry
from orgs.selectors.organizations import seats_used
from orgs.selectors.tree import rail
from orgs.tree_state import open_nodes
from orgs.views.departments import split_at_top

ROWS = "rows"
COLUMNS_COOKIE = "account_columns"
YEAR_SECONDS = 365 * 24 * 3600


@requires("account.view")
@require_GET
def account_list(request: ConsoleRequest) -> HttpResponse:
    """The accounts of a department (?department=), else of the first one in scope."""
    department = chosen_department(request.operator, request.GET)
    part = ROWS if request.htmx.target == ROWS else None
    context = _rows_context(request, department)
    if part is None or request.htmx.boosted:
        context |= _frame_context(request, department)
    return render_page(request, "accounts/account_list.html", context, part=part)


@requires("account.export")
@require_POST
def account_export(request: ConsoleRequest) -> StreamingHttpResponse:
    """What the filter of the address shows, as CSV; by POST, for it leaves a record."""
    department = chosen_department(request.operator, request.GET)
    query = AccountListForm(request.GET).query(department)
    rows = export_accounts(query=query, actor=request.operator)
    lines = csv_lines([str(heading) for heading in HEADINGS], rows)
    response = StreamingHttpResponse(lines, content_type=CSV_TYPE)
    name = _("accounts-%(date)s.csv") % {"date": timezone.localdate().isoformat()}
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@requires("account.view")
@require_POST
def account_columns(request: ConsoleRequest) -> HttpResponse:
    """Keep which columns (column=) the list shows, for this browser."""
    chosen = [name for name in COLUMNS if name in request.POST.getlist("column")]
    back = QueryDict(request.POST.get("back", "")).urlencode()
    response = go_to(request, f"{reverse(LIST)}?{back}")
    response.set_cookie(
        COLUMNS_COOKIE,
        ".".join(chosen),
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _rows_context(request: ConsoleRequest, department: Department) -> dict[str, Any]:
    form = AccountListForm(request.GET)
    query = form.query(department)
    page = account_page(query, cursors=request.GET, size=form.size)
    picks_all = "all" in request.GET
    columns = chosen_columns(request.COOKIES.get(COLUMNS_COOKIE, ""))
    back = request.GET.copy()
    back.pop("all", None)
    return {
        "tab": "accounts",
        "department": department,
        "filter": form,
        "query": query,
        "page": page,
        "page_sizes": SIZES,
        "picks_all": picks_all,
        "may_pick_all": not page.total.is_capped and page.size < page.total.count <= MAX_SELECTED,
        "back": back.urlencode(),
        "picked_form": FORM,
        "table": account_table(
            page.items,
            request.operator,
            order=form.sort_order,
            back=back.urlencode(),
            picks_all=picks_all,
            columns=columns,
        ),
        "column_choices": column_choices(columns),
    }


def _frame_context(request: ConsoleRequest, department: Department) -> dict[str, Any]:
    """What stands around the rows."""
    tree = rail(request.operator, department, open_nodes(request), to=LIST)
    steps = ancestry([department.pk])[department.pk]
    above, within = split_at_top(steps, {node.pk for node in tree.nodes})
    organization = request.user.organization
    return {
        "rail": tree,
        "path_above": above,
        "path": within,
        "seats_used": seats_used(organization),
        "seats": organization.seats,
    }
