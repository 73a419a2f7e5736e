"""A member's mail, read by an administrator: every page asks anew whether it may be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import AccountRefused
from accounts.models import Account
from admin_platform.downloads import download
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX, StoreError
from webmail.errors import ReadingRefused
from webmail.forms import ReadingForm
from webmail.models import MailReading
from webmail.selectors.folders import shown_folders
from webmail.selectors.readings import open_reading
from webmail.services.reading import read_letter
from webmail.services.readings import (
    FUNCTION,
    check_may_read,
    end_reading,
    open_mail,
    read_message,
    take_attachment,
)
from webmail.views.frames import framed
from webmail.views.messages import PAGE_SIZE


def fetch(request: ConsoleRequest, pk: int) -> Account:
    accounts = Account.objects.filter(deleted_at=None).select_related("mailbox", "domain")
    account: Account = get_object_or_404(request.operator.scope(accounts), pk=pk)
    return account


def fetch_reading(request: ConsoleRequest, pk: int) -> MailReading:
    """The reading that is open. Http404 where it has ended, or may not go on any more."""
    account = fetch(request, pk)
    reading = open_reading(account, request.operator)
    if reading is None:
        raise Http404
    try:
        check_may_read(account, request.operator)
    except (AccountRefused, ReadingRefused):
        raise Http404 from None
    return reading


@requires(FUNCTION)
@require_http_methods(["GET", "POST"])
def reading_open(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Where the reason is typed."""
    account, form, refused = fetch(request, pk), ReadingForm(request.POST or None), ""
    if account.pk == request.operator.account_id:
        return go_to(request, "webmail:home")
    try:
        check_may_read(account, request.operator)
        if form.is_valid():
            open_mail(account=account, actor=request.operator, **form.cleaned_data)
            return go_to(request, "readings:mailbox", pk=pk)
    except (AccountRefused, ReadingRefused) as error:
        refused = str(error)
    context = {"tab": "accounts", "account": account, "form": form, "refused": refused}
    status = 403 if refused else 422 if form.is_bound else 200
    return render_page(request, "webmail/reading_open.html", context, status=status)


@requires(FUNCTION)
@require_GET
def mailbox(request: ConsoleRequest, pk: int) -> HttpResponse:
    """A folder, or one message of it."""
    account = fetch(request, pk)
    if open_reading(account, request.operator) is None:
        return go_to(request, "readings:open", pk=pk)
    reading = fetch_reading(request, pk)
    folder, key = request.GET.get("folder", INBOX), request.GET.get("key", "")
    try:
        context = (
            letter(request, reading, folder, key) if key else listing(request, reading, folder)
        )
    except StoreError:
        raise Http404 from None
    context |= {
        "tab": "accounts",
        "account": account,
        "reading": reading,
        "folder": folder,
        "folders": shown_folders(account.mailbox.store_path),
    }
    return render_page(request, "webmail/reading_mailbox.html", context)


def listing(request: ConsoleRequest, reading: MailReading, folder: str) -> dict[str, Any]:
    path, before = reading.account.mailbox.store_path, request.GET.get("before", "")
    found = mail_store().listing(path, folder, before=before, limit=PAGE_SIZE + 1)
    page, rest = found[:PAGE_SIZE], found[PAGE_SIZE:]
    return {"envelopes": page, "older": page[-1].key if rest else "", "before": before}


def letter(request: ConsoleRequest, reading: MailReading, folder: str, key: str) -> dict[str, Any]:
    content = read_message(reading=reading, folder=folder, key=key, actor=request.operator)
    return {
        "letter": read_letter(content),
        "key": key,
        "envelope": mail_store().envelope(reading.account.mailbox.store_path, folder, key),
        "address": urlencode({"folder": folder, "key": key}),
    }


@requires(FUNCTION)
@require_GET
def body(request: ConsoleRequest, pk: int) -> HttpResponse:
    """A message's HTML for its frame; pictures from elsewhere are never asked for, or the
    sender would be told of a reader who is not the recipient."""
    reading = fetch_reading(request, pk)
    try:
        content = read_message(reading=reading, actor=request.operator, **named(request))
    except StoreError:
        raise Http404 from None
    return framed(request, read_letter(content))


@requires(FUNCTION)
@require_GET
def attachment(request: ConsoleRequest, pk: int, index: int) -> HttpResponse:
    reading = fetch_reading(request, pk)
    try:
        found = take_attachment(
            reading=reading, index=index, actor=request.operator, **named(request)
        )
    except StoreError:
        raise Http404 from None
    if found is None:
        raise Http404
    return download(found.content, found.name)


@requires(FUNCTION)
@require_POST
def reading_end(request: ConsoleRequest, pk: int) -> HttpResponse:
    end_reading(reading=fetch_reading(request, pk))
    messages.success(request, _("The mailbox is closed again."))
    return go_to(request, "accounts:account-detail", pk=pk)


def named(request: ConsoleRequest) -> dict[str, str]:
    """The message that the address names."""
    return {"folder": request.GET.get("folder", INBOX), "key": request.GET.get("key", "")}
