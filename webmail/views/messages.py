"""Folders, lists and reading."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Mailbox
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from mail_server.stores import mail_store
from mail_server.stores.base import DRAFTS, INBOX, JUNK, SEEN, TRASH, NoSuchMessage, StoreError
from webmail.decorators import mailbox_required
from webmail.forms import FolderForm
from webmail.selectors.folders import shown_folders
from webmail.selectors.readings import unseen_readings
from webmail.services import mailbox as acts
from webmail.services.cleaning import clean_html
from webmail.services.reading import Letter, attachment_of, read_letter
from webmail.views.frames import framed

PAGE_SIZE = 50


def stored(request: ConsoleRequest) -> tuple[Mailbox, str, str, bytes]:
    """(mailbox, folder, key, content) of the message that the address names; else 404."""
    mailbox = request.user.mailbox
    folder, key = request.GET.get("folder", INBOX), request.GET.get("key", "")
    try:
        return mailbox, folder, key, mail_store().read(mailbox.store_path, folder, key)
    except StoreError:
        raise Http404 from None


@mailbox_required
@require_GET
def home(request: ConsoleRequest) -> HttpResponse:
    """The three panes: folders, the list of one folder (or of a search), one message."""
    mailbox = request.user.mailbox
    context = list_context(request, mailbox)
    if request.GET.get("key"):
        context |= letter_context(request)
    context["folders"] = shown_folders(mailbox.store_path)
    context["readings"] = unseen_readings(request.user)
    part = "reader" if request.headers.get("HX-Target") == "read" else None
    return render_page(request, "webmail/home.html", context, part=part)


def list_context(request: ConsoleRequest, mailbox: Mailbox) -> dict[str, Any]:
    folder = request.GET.get("folder", INBOX)
    query = request.GET.get("q", "").strip()[:100]
    before = request.GET.get("before", "")
    try:
        if query:
            found = mail_store().search(mailbox.store_path, query, limit=PAGE_SIZE)
            return {"folder": folder, "query": query, "envelopes": found, "mailbox": mailbox}
        found = mail_store().listing(mailbox.store_path, folder, before=before, limit=PAGE_SIZE + 1)
    except StoreError:
        raise Http404 from None
    page, rest = found[:PAGE_SIZE], found[PAGE_SIZE:]
    return {
        "folder": folder,
        "is_trash": folder in (TRASH, JUNK),
        "is_drafts": folder == DRAFTS,
        "query": "",
        "envelopes": page,
        "older": page[-1].key if rest else "",
        "before": before,
        "mailbox": mailbox,
    }


def letter_context(request: ConsoleRequest) -> dict[str, Any]:
    mailbox, folder, key, content = stored(request)
    mail_store().set_flags(mailbox.store_path, folder, [key], add={SEEN})
    letter = read_letter(content)
    remote = request.GET.get("pictures") == "1"
    return {
        "letter": letter,
        "key": key,
        "folder": folder,
        "held_back": 0 if remote else held_back(letter),
        "pictures": remote,
        "envelope": mail_store().envelope(mailbox.store_path, folder, key),
        "address": urlencode({"folder": folder, "key": key}),
    }


def held_back(letter: Letter) -> int:
    return clean_html(letter.html, inline=letter.inline).held_back if letter.html else 0


@mailbox_required
@require_GET
def body(request: ConsoleRequest) -> HttpResponse:
    """A message's HTML, cleaned, for a sandboxed frame."""
    _mailbox, _folder, _key, content = stored(request)
    remote = request.GET.get("pictures") == "1"
    return framed(request, read_letter(content), remote_pictures=remote)


@mailbox_required
@require_GET
def source(request: ConsoleRequest) -> HttpResponse:
    _mailbox, _folder, _key, content = stored(request)
    return download(content, "message.eml", "text/plain; charset=utf-8", inline=True)


@mailbox_required
@require_GET
def attachment(request: ConsoleRequest, index: int) -> HttpResponse:
    _mailbox, _folder, _key, content = stored(request)
    found = attachment_of(content, index)
    if found is None:
        raise Http404
    return download(found.content, found.name, "application/octet-stream")


def download(content: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """Foreign content: never shown by the browser as anything that could act."""
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(not inline, name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@mailbox_required
@require_POST
def act(request: ConsoleRequest) -> HttpResponse:
    """Do something with the chosen messages of a folder."""
    mailbox, folder = request.user.mailbox, request.POST.get("folder", INBOX)
    keys, name = request.POST.getlist("keys"), request.POST.get("act", "")
    try:
        if name in acts.FLAG_ACTS:
            acts.set_flags(mailbox=mailbox, folder=folder, keys=keys, act=name)
        elif name == "delete":
            acts.delete(mailbox=mailbox, folder=folder, keys=keys)
        elif name == "move" and request.POST.get("target"):
            acts.move(mailbox=mailbox, folder=folder, keys=keys, target=request.POST["target"])
        elif name == "empty" and folder in (TRASH, JUNK):
            acts.empty_folder(mailbox=mailbox, folder=folder)
    except (NoSuchMessage, StoreError):
        messages.error(request, _("This message is no longer there."))
    if not keys and name != "empty":
        messages.error(request, _("Choose at least one message."))
    return go_to(request, f"{reverse('webmail:home')}?{urlencode({'folder': folder})}")


@mailbox_required
@require_POST
def folder_create(request: ConsoleRequest) -> HttpResponse:
    form = FolderForm(request.POST)
    if form.is_valid():
        name, path = form.cleaned_data["name"], request.user.mailbox.store_path
        if name in {folder.name for folder in mail_store().folders(path)}:
            messages.info(request, _("There is a folder of this name already."))
        mail_store().create_folder(path, name)
        return go_to(request, f"{reverse('webmail:home')}?{urlencode({'folder': name})}")
    messages.error(request, _("This name cannot be used for a folder."))
    return go_to(request, "webmail:home")


@mailbox_required
@require_POST
def folder_rename(request: ConsoleRequest) -> HttpResponse:
    folder, form = request.POST.get("folder", ""), FolderForm(request.POST)
    if form.is_valid() and form.cleaned_data["name"] != folder:
        try:
            mail_store().rename_folder(
                request.user.mailbox.store_path, folder, form.cleaned_data["name"]
            )
        except StoreError:
            form.add_error("name", _("This name cannot be used for a folder."))
    if form.is_valid():
        folder = form.cleaned_data["name"]
    else:
        messages.error(request, _("This name cannot be used for a folder."))
    return go_to(request, f"{reverse('webmail:home')}?{urlencode({'folder': folder})}")


@mailbox_required
@require_POST
def folder_delete(request: ConsoleRequest) -> HttpResponse:
    mailbox = request.user.mailbox
    try:
        mail_store().delete_folder(mailbox.store_path, request.POST.get("folder", ""))
    except StoreError:
        raise Http404 from None
    acts.refresh_usage(mailbox)
    messages.success(request, _("The folder is deleted."))
    return go_to(request, "webmail:home")
