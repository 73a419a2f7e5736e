"""Shared contacts (manual, 5.2): the list, adding, editing, the order in place."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.changed import changed
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.paging import SIZES, page_size
from admin_platform.permissions import requires
from orgs.forms.contacts import ContactForm, PositionForm
from orgs.models import Contact, ContactGroup
from orgs.selectors.contacts import (
    NO_GROUP,
    contact_page,
    find_contacts,
    group_counts,
    groups_of,
    in_group,
)
from orgs.services.contacts import change_contact, create_contact, set_position

LIST = "contacts:contact-list"
EVENT = "contacts-changed"
ROWS = "rows"


def chosen_group(request: ConsoleRequest) -> ContactGroup | str:
    """?group=: one of the groups, NO_GROUP, or "" for all. Http404 where it is gone."""
    asked = request.GET.get("group", "")
    if asked in ("", NO_GROUP):
        return asked
    ids = plain_ids([asked])
    if not ids:
        raise Http404
    groups = request.operator.scope(ContactGroup.objects.all())
    return get_object_or_404(groups, pk=ids[0])


def shown_contacts(request: ConsoleRequest) -> Any:
    """What the list's address asks for: of a group (?group=), found by words (?q=)."""
    contacts = in_group(request.operator.scope(Contact.objects.all()), chosen_group(request))
    return find_contacts(contacts, request.GET.get("q", ""))


@requires("contact.view")
@require_GET
def contact_list(request: ConsoleRequest) -> HttpResponse:
    group, query = chosen_group(request), request.GET.get("q", "").strip()
    counts = group_counts(request.user.organization_id)
    part = ROWS if request.htmx.target == ROWS and not request.htmx.boosted else None
    context = {
        "page": contact_page(
            shown_contacts(request),
            cursors=request.GET,
            size=page_size(request.GET.get("size")),
            total=None if query else counts.of(group),
        ),
        "page_sizes": SIZES,
        "group": group if isinstance(group, ContactGroup) else None,
        "place": str(group.pk) if isinstance(group, ContactGroup) else group,
        "query": query,
        "counts": counts,
        "groups": [(g, counts.of(g)) for g in groups_of(request.user.organization_id)],
    }
    return render_page(request, "orgs/contact_list.html", context, part=part)


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_create(request: ConsoleRequest) -> HttpResponse:
    """Into the group that is looked at (?group=)."""
    group = chosen_group(request)
    form = ContactForm(
        request.POST or None,
        groups=groups_of(request.user.organization_id),
        group=group if isinstance(group, ContactGroup) else None,
    )
    if form.is_valid():
        contact = create_contact(
            organization=request.user.organization,
            group=form.cleaned_data["group"],
            text=form.text,
            actor=request.operator,
        )
        text = _("Added %(name)s") % {"name": contact.name}
        return changed(request, text, event=EVENT, back=LIST)
    return _form_page(request, form, _("New contact"))


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_edit(request: ConsoleRequest, pk: int) -> HttpResponse:
    contact = _fetch(request, pk)
    groups = groups_of(request.user.organization_id)
    form = ContactForm(request.POST or None, groups=groups, contact=contact)
    if form.is_valid():
        group = form.cleaned_data["group"]
        change_contact(contact=contact, group=group, text=form.text, actor=request.operator)
        return changed(request, _("Saved"), event=EVENT, back=LIST)
    return _form_page(request, form, _("Edit contact"))


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_order(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The number in its cell; without scripts, on a page of its own."""
    contact = _fetch(request, pk)
    form = PositionForm(request.POST or None, initial={"position": contact.position})
    if form.is_valid():
        set_position(contact=contact, **form.cleaned_data, actor=request.operator)
        return changed(request, _("Saved"), event=EVENT, back=LIST)
    title = _("Order of %(name)s") % {"name": contact.name}
    context = {"title": title, "form": form, "contact": contact, "typed": form["position"].value()}
    status = 422 if form.is_bound else 200
    return render_page(request, "orgs/contact_order.html", context, part="cell", status=status)


def _fetch(request: ConsoleRequest, pk: int) -> Contact:
    contacts = request.operator.scope(Contact.objects.select_related("group"))
    contact: Contact = get_object_or_404(contacts, pk=pk)
    return contact


def _form_page(request: ConsoleRequest, form: ContactForm, title: str) -> HttpResponse:
    context = {"title": title, "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "orgs/contact_form.html", context, status=status)
