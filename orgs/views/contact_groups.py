"""Groups of shared contacts (manual, 5.2①②)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from admin_platform.changed import changed
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from orgs.contact_errors import ContactRefused
from orgs.forms.contacts import GroupForm
from orgs.models import ContactGroup
from orgs.services.contact_groups import create_group, delete_group, rename_group, shift_group
from orgs.views.contacts import EVENT, LIST

MANAGE = "contact.manage"


def _fetch(request: ConsoleRequest, pk: int) -> ContactGroup:
    group: ContactGroup = get_object_or_404(
        request.operator.scope(ContactGroup.objects.all()), pk=pk
    )
    return group


def _page_of(group: ContactGroup) -> str:
    return f"{reverse(LIST)}?group={group.pk}"


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def group_create(request: ConsoleRequest) -> HttpResponse:
    """Then the new group is shown, ready for its contacts."""
    form = GroupForm(request.POST or None)
    if form.is_valid():
        try:
            group = create_group(
                organization=request.user.organization, **form.cleaned_data, actor=request.operator
            )
        except ContactRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Created group “%(name)s”") % {"name": group.name})
            return go_to(request, _page_of(group))
    context = {"title": _("New group"), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "orgs/contact_group_create.html", context, status=status)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def group_rename(request: ConsoleRequest, pk: int) -> HttpResponse:
    """In place of the heading; without scripts, on a page of its own."""
    group = _fetch(request, pk)
    form = GroupForm(request.POST or None, initial={"name": group.name})
    if form.is_valid():
        try:
            rename_group(group=group, **form.cleaned_data, actor=request.operator)
        except ContactRefused as refusal:
            form.refuse(refusal)
        else:
            return changed(request, _("Saved"), event=EVENT, back=_page_of(group))
    context = {"title": _("Rename group"), "form": form, "group": group}
    status = 422 if form.is_bound else 200
    return render_page(
        request, "orgs/contact_group_rename.html", context, part="inline", status=status
    )


@requires(MANAGE)
@require_POST
def group_shift(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One place up or down among the groups."""
    group = _fetch(request, pk)
    shift_group(group=group, up=request.POST.get("to") == "up", actor=request.operator)
    return changed(request, _("Saved"), event=EVENT, back=_page_of(group))


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def group_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask, saying what becomes of its contacts; then delete it."""
    group = _fetch(request, pk)
    if request.method == "POST":
        name = group.name
        freed = delete_group(group=group, actor=request.operator)
        messages.success(request, _deleted(name, freed))
        return go_to(request, LIST)
    title = _("Delete group “%(name)s”") % {"name": group.name}
    context = {"title": title, "group": group, "count": group.contacts.count()}
    return render_page(request, "orgs/contact_group_delete.html", context)


def _deleted(name: str, freed: int) -> str:
    if not freed:
        return _("Deleted group “%(name)s”") % {"name": name}
    text = ngettext(
        "Deleted group “%(name)s”; its contact is in no group now",
        "Deleted group “%(name)s”; its %(n)s contacts are in no group now",
        freed,
    )
    return text % {"name": name, "n": freed}
