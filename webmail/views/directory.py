"""The directory as members see it (manual, 5.1)."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import Account
from accounts.selectors.accounts import in_departments
from accounts.selectors.directory import found_by, with_shown_address
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page
from webmail.decorators import mailbox_required


@mailbox_required
@require_GET
def directory(request: ConsoleRequest) -> HttpResponse:
    search = request.GET.get("q", "")[:64]
    found = found_by(request.user, search)
    page = keyset_page(
        found,
        key="pinyin",
        rows=with_shown_address(in_departments(Account.objects.all())),
        cursors=request.GET,
        total=lambda: capped_total(found),
    )
    context = {"page": page, "search": search}
    return render_page(request, "webmail/directory.html", context, part="rows")
