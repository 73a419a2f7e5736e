"""What is done with the contacts that are ticked (manual, 5.2③): moved, deleted.

The list sends the ticked ones as `id`, without scripts by POST; the dialog sends on the
very ones that it has shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from admin_platform.changed import changed
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest, plain_ids
from admin_platform.permissions import requires
from orgs.forms.contacts import MoveForm
from orgs.models import Contact
from orgs.selectors.contacts import groups_of
from orgs.services.contacts import delete_contacts, move_contacts
from orgs.views.contacts import EVENT, LIST

MAX_TICKED = 1000
NAMES_SHOWN = 6


def ticked_contacts(request: ConsoleRequest) -> list[Contact]:
    """Those of them that are still there, in the order of the list."""
    ids = plain_ids((request.POST or request.GET).getlist("id"))[:MAX_TICKED]
    return list(request.operator.scope(Contact.objects.filter(pk__in=ids)).order_by("sort_key"))


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_move(request: ConsoleRequest) -> HttpResponse:
    contacts = ticked_contacts(request)
    if not contacts:
        return nothing_ticked(request)
    groups = groups_of(request.user.organization_id)
    form = MoveForm(request.POST if "group" in request.POST else None, groups=groups)
    if form.is_valid():
        group = form.cleaned_data["group"]
        n = move_contacts(contacts=contacts, group=group, actor=request.operator)
        text = ngettext("Moved %(n)s contact", "Moved %(n)s contacts", n) % {"n": n}
        return changed(request, text, event=EVENT, back=LIST)
    n = len(contacts)
    title = ngettext("Move %(n)s contact", "Move %(n)s contacts", n) % {"n": n}
    context = _about(contacts, title) | {"form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "orgs/contact_move.html", context, status=status)


@requires("contact.manage")
@require_http_methods(["GET", "POST"])
def contact_delete(request: ConsoleRequest) -> HttpResponse:
    contacts = ticked_contacts(request)
    if not contacts:
        return nothing_ticked(request)
    if "sure" in request.POST:
        n = delete_contacts(contacts=contacts, actor=request.operator)
        text = ngettext("Deleted %(n)s contact", "Deleted %(n)s contacts", n) % {"n": n}
        return changed(request, text, event=EVENT, back=LIST)
    n = len(contacts)
    title = ngettext("Delete %(n)s contact", "Delete %(n)s contacts", n) % {"n": n}
    return render_page(request, "orgs/contact_delete.html", _about(contacts, title))


def nothing_ticked(request: ConsoleRequest) -> HttpResponse:
    messages.warning(request, _("Tick the contacts first."))
    return go_to(request, LIST)


def _about(contacts: list[Contact], title: str) -> dict[str, Any]:
    return {
        "title": title,
        "contacts": contacts,
        "shown": contacts[:NAMES_SHOWN],
        "more": len(contacts[NAMES_SHOWN:]),
    }
