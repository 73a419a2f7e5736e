"""Creating and editing an account, each on one form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import AccountRefused, EditConflict
from accounts.forms.account_fields import AccountForm
from accounts.forms.accounts import AccountCreateForm, AccountEditForm
from accounts.forms.departments import (
    DepartmentPicker,
    asks_for_departments,
    department_picker,
    sent_picker,
)
from accounts.forms.sections import sections
from accounts.models import Account
from accounts.selectors.detail import places
from accounts.selectors.state import account_state
from accounts.services.accounts import Created, create_account
from accounts.services.editing import edit_account
from accounts.services.limits import storage_left
from accounts.services.protection import refusal
from accounts.views.account_detail import fetch
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import console_only, requires
from orgs.models import Department
from orgs.selectors.organizations import seats_used

CREATE, CHANGE, MOVE = "account.create", "account.change", "account.move"


@requires(CREATE)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def account_create(request: ConsoleRequest) -> HttpResponse:
    """?department= is chosen at first. A password made up is in the answer and nowhere else."""
    form = _create_form(request, request.POST or None)
    if request.method == "POST" and asks_for_departments(request):
        return _create_page(request, form.unjudged())
    if form.is_valid() and (created := _create(request, form)):
        return _created(request, created)
    return _create_page(request, form)


def _create_form(request: ConsoleRequest, data: Any) -> AccountCreateForm:
    return AccountCreateForm(
        data,
        operator=request.operator,
        organization=request.user.organization,
        department=asked_department(request),
    )


def asked_department(request: ConsoleRequest) -> Department | None:
    """The department that one comes from (?department=)."""
    pk = request.GET.get("department", "")
    in_scope = request.operator.scope(Department.objects.all())
    return in_scope.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None


def _create(request: ConsoleRequest, form: AccountCreateForm) -> Created | None:
    """None when it was refused, which the form then shows."""
    cleaned = form.cleaned_data
    try:
        return create_account(
            departments=cleaned["departments"],
            domain=cleaned["domain"],
            local_part=cleaned["local_part"],
            person=form.person,
            password=cleaned["password"],
            must_change_password=cleaned["must_change_password"],
            mailbox=form.mailbox,
            aliases=cleaned["aliases"] or (),
            groups=form.groups,
            actor=request.operator,
        )
    except AccountRefused as refusal:
        form.refuse(refusal)
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _created(request: ConsoleRequest, created: Created) -> HttpResponse:
    """On to the account or to the next one; first past its password, if that was made up."""
    account = created.account
    if "next" in request.POST:
        return _create_page(request, _create_form(request, None), created)
    if created.password:
        detail = reverse("accounts:account-detail", args=[account.pk])
        context = {"tab": "accounts", "account": account, "password": created.password}
        response = render_page(request, "accounts/account_created.html", context)
        # Loading the page again shows the account; it must not create it again.
        response["HX-Push-Url"] = detail
        return response
    messages.success(request, _("Created account “%(address)s”") % {"address": account.address})
    return go_to(request, "accounts:account-detail", pk=account.pk)


def _create_page(
    request: ConsoleRequest, form: AccountForm, created: Created | None = None
) -> HttpResponse:
    organization = request.user.organization
    context = {
        "tab": "accounts",
        "form": form,
        "sections": sections(form),
        "picker": _picker(request, form),
        "department": asked_department(request),
        "seats_left": max(0, organization.seats - seats_used(organization)),
        "storage_left": storage_left(organization),
        "created": created,
        "back": _back(request),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "accounts/account_create.html", context, status=status)


def _back(request: ConsoleRequest) -> str:
    """Where one comes from: the list of accounts, for those who may see it."""
    if not request.operator.can("account.view"):
        return reverse("home")
    query = urlencode({"department": pk} if (pk := request.GET.get("department")) else {})
    return f"{reverse('accounts:account-list')}?{query}".rstrip("?")


def _picker(request: ConsoleRequest, form: AccountForm) -> DepartmentPicker:
    if form.is_bound:
        return sent_picker(request.operator, request.POST)
    return department_picker(request.operator, chosen=form.initial["departments"])


@requires(CHANGE)
@never_cache
@require_http_methods(["GET", "POST"])
def account_edit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Who sees the account but may not change it sees its form, and why it is closed."""
    account = fetch(request, pk)
    refused = refusal(account, CHANGE, request.operator)
    form = AccountEditForm(
        request.POST or None,
        account=account,
        state=account_state(account, request.operator),
        operator=request.operator,
        read_only=refused is not None,
    )
    if request.method == "POST" and asks_for_departments(request):
        return _edit_page(request, account, form.unjudged(), refused)
    if form.is_valid() and _edit(request, account, form):
        messages.success(request, _("Saved"))
        return go_to(request, "accounts:account-detail", pk=account.pk)
    return _edit_page(request, account, form, refused)


def _edit(request: ConsoleRequest, account: Account, form: AccountEditForm) -> bool:
    """False when it was refused, which the form then shows."""
    try:
        edit_account(
            account=account,
            wanted=form.wanted,
            seen=form.seen_state,
            keep_old_address=form.cleaned_data["keep_old_address"],
            actor=request.operator,
        )
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except AccountRefused as refused:
        form.refuse(refused)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _edit_page(
    request: ConsoleRequest, account: Account, form: AccountForm, refused: AccountRefused | None
) -> HttpResponse:
    context = {
        "tab": "accounts",
        "account": account,
        "form": form,
        "refused": refused,
        "sections": sections(form),
        "picker": None if refused else _edit_picker(request, account, form),
        "places": places(account, request.operator),
        "storage_left": storage_left(account.organization),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "accounts/account_edit.html", context, status=status)


def _edit_picker(
    request: ConsoleRequest, account: Account, form: AccountForm
) -> DepartmentPicker | None:
    if "departments" not in form.fields:
        return None
    operator = request.operator.at(MOVE)
    kept = [p.path for p in places(account, operator) if p.pk not in form.initial["departments"]]
    if form.is_bound:
        return sent_picker(operator, request.POST, kept=kept)
    return department_picker(operator, chosen=form.initial["departments"], kept=kept)


@console_only
@require_GET
def account_departments(request: ConsoleRequest) -> HttpResponse:
    """The field with the departments as they are chosen so far (?function= says for what)."""
    function = request.GET.get("function", "")
    if function not in {CREATE, MOVE}:
        raise Http404
    if not request.operator.can(function):
        raise PermissionDenied(function)
    picker = sent_picker(request.operator.at(function), request.GET)
    return render_page(request, "accounts/account_departments.html", {"picker": picker})
