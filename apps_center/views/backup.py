"""Self-backup (manual, 10.5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.changed import changed
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires
from apps_center.errors import BackupRefused
from apps_center.forms import BackupForm
from apps_center.models import BackupRule
from apps_center.selectors import backup_page
from apps_center.services.backup import FUNCTION, create_backups, delete_backups

LIST = "backup:list"
EVENT = "backups-changed"
FORM = "backups-picked"


@requires("backup.view")
@require_GET
def backup_list(request: ConsoleRequest) -> HttpResponse:
    search = request.GET.get("q", "")[:64]
    page = backup_page(request.operator, search=search, cursors=request.GET)
    context = {"page": page, "search": search, "picked_form": FORM}
    return render_page(request, "apps_center/backup_list.html", context, part="rows")


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def backup_create(request: ConsoleRequest) -> HttpResponse:
    form = BackupForm(request.POST or None, shown=request.GET, operator=request.operator)
    if form.is_valid():
        try:
            create_backups(**form.cleaned_data, actor=request.operator)
        except BackupRefused as refusal:
            form.refuse(refusal)
        else:
            count = len(form.cleaned_data["backed_up"])
            text = ngettext("Backing up %(n)s mailbox", "Backing up %(n)s mailboxes", count)
            return changed(request, text % {"n": count}, event=EVENT, back=LIST)
    context = {"title": _("New backup"), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "apps_center/backup_create.html", context, status=status)


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def backup_delete(request: ConsoleRequest) -> HttpResponse:
    asked = request.POST or request.GET
    chosen = request.operator.scope(
        BackupRule.objects.filter(pk__in=plain_ids(asked.getlist("id")))
    )
    rules = list(chosen.select_related("main", "backed_up").order_by("pk"))
    if not rules:
        messages.warning(request, _("Tick the backups first."))
        return go_to(request, LIST)
    if request.method == "POST":
        ids = [rule.pk for rule in rules]
        count = delete_backups(rule_ids=ids, actor=request.operator)
        text = ngettext("Deleted %(n)s backup", "Deleted %(n)s backups", count) % {"n": count}
        return changed(request, text, event=EVENT, back=LIST)
    context = {"title": _("Delete backups"), "rules": rules}
    return render_page(request, "apps_center/backup_delete.html", context)
