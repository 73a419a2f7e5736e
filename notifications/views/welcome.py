"""The welcome letter's page (manual, 6.4.1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_platform.downloads import download
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.markup.rich_text import clean_rich_text
from admin_platform.permissions import requires
from mail_server.services.letters import MailboxFull
from notifications.errors import AttachmentRefused, NoMailboxForTest
from notifications.forms import WelcomeForm
from notifications.models import WelcomeAttachment, WelcomeLetter
from notifications.selectors.welcome import stored_files, values_for, welcome_letter_of
from notifications.services.welcome import change_welcome_letter, send_test_letter
from notifications.welcome_text import FIELDS, fill, fill_html


def own_letter(request: ConsoleRequest) -> WelcomeLetter:
    letter = welcome_letter_of(request.user.organization_id)
    return get_object_or_404(request.operator.scope(WelcomeLetter.objects.all()), pk=letter.pk)


@requires("welcome.view")
@require_GET
def welcome(request: ConsoleRequest) -> HttpResponse:
    letter = own_letter(request)
    return page(request, letter, WelcomeForm(letter=letter))


@requires("welcome.manage")
@require_POST
def save(request: ConsoleRequest) -> HttpResponse:
    letter = own_letter(request)
    form = WelcomeForm(request.POST, request.FILES, letter=letter)
    if form.is_valid():
        data = form.cleaned_data
        try:
            change_welcome_letter(
                letter=letter,
                enabled=data["enabled"],
                subject=data["subject"],
                body=data["body"],
                added=data["uploads"],
                removed=[attachment.pk for attachment in data["removed"]],
                actor=request.operator,
            )
        except AttachmentRefused as error:
            form.add_error("uploads", str(error))
        else:
            messages.success(request, _("The welcome letter is saved."))
            return go_to(request, "notifications:welcome")
    return page(request, letter, form)


@requires("welcome.view")
@require_POST
def preview(request: ConsoleRequest) -> HttpResponse:
    """The letter as the operator would get it, with what is in the form, saved or not."""
    letter = own_letter(request)
    form = WelcomeForm(request.POST, letter=letter)
    if not form.is_valid():
        return page(request, letter, form)
    values = values_for([request.user])[request.user.pk]
    context = {
        "subject": fill(form.cleaned_data["subject"], values),
        "body": clean_rich_text(fill_html(form.cleaned_data["body"], values)),
        "letter": letter,
    }
    return render_page(request, "notifications/welcome_preview.html", context)


@requires("welcome.manage")
@require_POST
def test(request: ConsoleRequest) -> HttpResponse:
    """Send the letter in the form to the operator; the form stays as it is."""
    letter = own_letter(request)
    form = WelcomeForm(request.POST, request.FILES, letter=letter)
    if form.is_valid():
        try:
            send_test_letter(
                subject=form.cleaned_data["subject"],
                body=form.cleaned_data["body"],
                files=[*stored_files(letter), *form.cleaned_data["uploads"]],
                account=request.user,
            )
        except NoMailboxForTest as error:
            messages.error(request, str(error))
        except MailboxFull:
            messages.error(request, _("Your mailbox is full."))
        else:
            messages.success(request, _("A test letter is in your mailbox. Nothing was saved yet."))
    return page(request, letter, form)


@requires("welcome.view")
@require_GET
def attachment(request: ConsoleRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(request.operator.scope(WelcomeAttachment.objects.all()), pk=pk)
    with found.file.open("rb") as stored:
        return download(stored.read(), found.name)


def page(request: ConsoleRequest, letter: WelcomeLetter, form: WelcomeForm) -> HttpResponse:
    context = {"letter": letter, "form": form, "letter_fields": FIELDS}
    status = 422 if form.errors else 200
    return render_page(request, "notifications/welcome.html", context, status=status)
