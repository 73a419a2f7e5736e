"""The allow list: addresses from which wrong passwords lock nothing (manual, 9.2.2)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.changed import changed
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page
from admin_platform.permissions import requires
from security.errors import SecurityRefused
from security.forms.lockouts import ExemptionForm
from security.models import LockoutExemption
from security.services.lockouts import create_exemption, delete_exemption

CONFIGURE = "lockout.configure"
BACK = "lockouts:exemptions"
EVENT = "exemptions-changed"


@requires("lockout.view")
@require_GET
def exemption_list(request: ConsoleRequest) -> HttpResponse:
    exemptions = request.operator.scope(LockoutExemption.objects.all())
    page = keyset_page(
        exemptions,
        key="id",
        rows=LockoutExemption.objects.all(),
        cursors=request.GET,
        descending=True,
        total=lambda: capped_total(exemptions),
    )
    return render_page(request, "security/exemption_list.html", {"page": page}, part="rows")


@requires(CONFIGURE)
@require_http_methods(["GET", "POST"])
def exemption_create(request: ConsoleRequest) -> HttpResponse:
    form = ExemptionForm(request.POST or None)
    if form.is_valid():
        try:
            made = create_exemption(
                organization=request.user.organization,
                **form.cleaned_data,
                actor=request.operator,
            )
        except SecurityRefused as refusal:
            form.refuse(refusal)
        else:
            text = _("Added %(range)s to the allow list") % {"range": made}
            return changed(request, text, event=EVENT, back=BACK)
    context = {"title": _("Add to the allow list"), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "security/exemption_create.html", context, status=status)


@requires(CONFIGURE)
@require_http_methods(["GET", "POST"])
def exemption_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    exemptions = request.operator.scope(LockoutExemption.objects.all())
    exemption = get_object_or_404(exemptions, pk=pk)
    if request.method == "POST":
        text = _("Removed %(range)s from the allow list") % {"range": exemption}
        delete_exemption(exemption=exemption, actor=request.operator)
        return changed(request, text, event=EVENT, back=BACK)
    context = {"title": _("Remove from the allow list"), "exemption": exemption}
    return render_page(request, "security/exemption_delete.html", context)
