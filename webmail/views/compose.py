"""Writing, replying, forwarding, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from admin_platform.client_address import client_ip
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from mail_server.services.submission import SenderRefused, Submission
from mail_server.stores import mail_store
from mail_server.stores.base import DRAFTS, StoreError
from webmail.address_books import find_people
from webmail.decorators import mailbox_required
from webmail.forms import ComposeForm
from webmail.selectors.folders import shown_folders
from webmail.services import composing
from webmail.services.composing import Written
from webmail.services.mailbox import drop_draft
from webmail.services.reading import Attachment, read_letter
from webmail.services.sending import save_draft, send


@mailbox_required
@require_http_methods(["GET", "POST"])
def compose(request: ConsoleRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request, ComposeForm(initial=beginning(request)))
    form = ComposeForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=422)
    written = written_in(request, form)
    if "save" in request.POST:
        return keep(request, form, written)
    if form.recipients_missing():
        return page(request, form, status=422)
    try:
        result = send(written=written, account=request.user, ip=client_ip(request))
    except SenderRefused as refusal:
        form.add_error(None, _("Not sent: %(reason)s") % {"reason": refusal})
        return page(request, kept_as_draft(request, form, written), status=422)
    if result.refused:
        return refused(request, form, written, result)
    if key := form.cleaned_data["draft_key"]:
        drop_draft(mailbox=request.user.mailbox, key=key)
    messages.success(request, _("Sent."))
    return go_to(request, "webmail:home")


def beginning(request: ConsoleRequest) -> dict[str, str]:
    """What the form starts with: nothing, an address, a reply, a forward or a draft."""
    mode, key = request.GET.get("mode", ""), request.GET.get("key", "")
    if not key:
        return {"to": request.GET.get("to", "")}
    folder = request.GET.get("folder", DRAFTS)
    try:
        content = mail_store().read(request.user.mailbox.store_path, folder, key)
    except StoreError:
        raise Http404 from None
    letter = read_letter(content)
    if mode in ("reply", "reply_all"):
        return composing.reply(letter, account=request.user, to_all=mode == "reply_all")
    source = {"source_folder": folder, "source_key": key}
    if mode == "forward":
        return composing.forward(letter) | source
    return composing.draft(content) | source | {"draft_key": key}


def written_in(request: ConsoleRequest, form: ComposeForm) -> Written:
    data = form.cleaned_data
    brought = source_attachments(request, data["source_folder"], data["source_key"])
    kept = set(request.POST.getlist("keep"))
    return Written(
        to=data["to"],
        cc=data["cc"],
        bcc=data["bcc"],
        subject=data["subject"],
        text=data["text"],
        attachments=(*(a for a in brought if str(a.index) in kept), *data["uploads"]),
        in_reply_to=data["in_reply_to"],
        references=data["references"],
    )


def source_attachments(request: ConsoleRequest, folder: str, key: str) -> list[Attachment]:
    if not key:
        return []
    try:
        content = mail_store().read(request.user.mailbox.store_path, folder, key)
    except StoreError:
        return []
    return read_letter(content).attachments


def keep(request: ConsoleRequest, form: ComposeForm, written: Written) -> HttpResponse:
    key = save_draft(written=written, account=request.user, replaces=form.cleaned_data["draft_key"])
    messages.success(request, _("The draft is saved."))
    address = urlencode({"folder": DRAFTS, "key": key})
    return go_to(request, f"{reverse('webmail:compose')}?{address}")


def kept_as_draft(request: ConsoleRequest, form: ComposeForm, written: Written) -> ComposeForm:
    """The same form with everything saved as a draft: browsers forget chosen files."""
    key = save_draft(written=written, account=request.user, replaces=form.cleaned_data["draft_key"])
    return retyped(form, source_folder=DRAFTS, source_key=key, draft_key=key)


def retyped(form: ComposeForm, **values: str) -> ComposeForm:
    """The form with some entries replaced; its errors stay."""
    data = cast("QueryDict", form.data).copy()
    for name, value in values.items():
        data[name] = value
    form.data = data
    return form


def refused(
    request: ConsoleRequest, form: ComposeForm, written: Written, result: Submission
) -> HttpResponse:
    """Say which recipients were refused and why. Who was reached is not written to again."""
    reached = [a for a in written.recipients if a not in result.refused]
    if result.message is not None:
        left = ", ".join(result.refused)
        written = replace(written, to=left, cc="", bcc="")
        form = retyped(form, to=left, cc="", bcc="")
    for address, verdict in result.refused.items():
        form.add_error(
            None,
            _("Not delivered to %(address)s: %(reason)s") % {"address": address, "reason": verdict},
        )
    return page(request, kept_as_draft(request, form, written), status=422, reached=reached)


def page(
    request: ConsoleRequest, form: ComposeForm, status: int = 200, reached: Sequence[str] = ()
) -> HttpResponse:
    """reached: who has the message already, where others were refused."""
    folder = form["source_folder"].value() or ""
    key = form["source_key"].value() or ""
    context: dict[str, Any] = {
        "form": form,
        "mailbox": request.user.mailbox,
        "folders": shown_folders(request.user.mailbox.store_path),
        "brought": source_attachments(request, folder, key),
        "reached": reached,
    }
    return render_page(request, "webmail/compose.html", context, status=status)


@mailbox_required
@require_GET
def people(request: ConsoleRequest) -> HttpResponse:
    """Suggestions for the last address being typed, from all address books."""
    typed = next((request.GET[name] for name in ("to", "cc", "bcc") if request.GET.get(name)), "")
    last = typed.replace("，", ",").replace("；", ",").replace(";", ",").rpartition(",")[2]
    found = find_people(request.user, last)
    return render_page(request, "webmail/people.html", {"people": found})
