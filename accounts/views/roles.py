"""Roles: the list, one role, the matrix, own ones (manual, 8.1)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import AccountRefused
from accounts.forms.roles import RoleForm
from accounts.models import Grant, Role
from accounts.selectors.grants import roles_to_give
from accounts.selectors.roles import function_chapters, may_edit, roles_with_members
from accounts.services.roles import change_role, create_role, delete_role, obstacle
from admin_platform.htmx import go_to, render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import requires

VIEW, MANAGE = "role.view", "role.manage"
ROLES_PER_PAGE = 50
COLUMNS_PER_PAGE = 8
DETAIL = "roles:role-detail"


def _roles(request: ConsoleRequest, size: int) -> object:
    return Paginator(roles_with_members(request.operator), size).get_page(request.GET.get("page"))


@requires(VIEW)
@require_GET
def role_list(request: ConsoleRequest) -> HttpResponse:
    context = {
        "page": _roles(request, ROLES_PER_PAGE),
        "giveable": {role.pk for role in roles_to_give(request.operator)},
    }
    return render_page(request, "accounts/roles/role_list.html", context)


@requires(VIEW)
@require_GET
def role_matrix(request: ConsoleRequest) -> HttpResponse:
    """All functions down, the roles across."""
    context = {"page": _roles(request, COLUMNS_PER_PAGE), "chapters": function_chapters()}
    return render_page(request, "accounts/roles/role_matrix.html", context)


@requires(VIEW)
@require_GET
def role_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(request.operator.scope(Role.objects.all()), pk=pk)
    seen = request.operator.at("grant.view").scope(Grant.objects.filter(role=role))
    context = {
        "role": role,
        "chapters": function_chapters(role.functions),
        "may_edit": may_edit(request.operator, role),
        "may_give": role in roles_to_give(request.operator),
        "grant_count": seen.count(),
    }
    return render_page(request, "accounts/roles/role_detail.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def role_create(request: ConsoleRequest) -> HttpResponse:
    """?copy=: the role that the new one starts from."""
    copy = request.GET.get("copy", "")
    roles = request.operator.scope(Role.objects.all())
    copied = roles.filter(pk=copy).first() if copy.isascii() and copy.isdigit() else None
    form = RoleForm(request.POST or None, operator=request.operator, copied=copied)
    if form.is_valid():
        try:
            role = create_role(
                organization=request.user.organization,
                **form.cleaned_data,
                actor=request.operator,
            )
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Created role “%(name)s”") % {"name": role.name})
            return go_to(request, DETAIL, pk=role.pk)
    return _form_page(request, form, None)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def role_edit(request: ConsoleRequest, pk: int) -> HttpResponse:
    role = _own_role(request, pk)
    form = RoleForm(request.POST or None, operator=request.operator, role=role)
    if form.is_valid():
        try:
            change_role(role=role, **form.cleaned_data, actor=request.operator)
        except AccountRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved"))
            return go_to(request, DETAIL, pk=role.pk)
    return _form_page(request, form, role)


def _own_role(request: ConsoleRequest, pk: int) -> Role:
    """PermissionDenied for a preset role and for one that gives more than one holds."""
    role = get_object_or_404(request.operator.scope(Role.objects.all()), pk=pk)
    if not may_edit(request.operator, role):
        raise PermissionDenied
    return role


def _form_page(request: ConsoleRequest, form: RoleForm, role: Role | None) -> HttpResponse:
    return render_page(
        request,
        "accounts/roles/role_form.html",
        {"form": form, "role": role},
        part="form",
        status=422 if form.is_bound else 200,
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def role_delete(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask, then delete; a role in use says how to come to its grants."""
    role = _own_role(request, pk)
    refusal: AccountRefused | None = obstacle(role)
    if request.method == "POST":
        try:
            delete_role(role=role, actor=request.operator)
        except AccountRefused as error:
            refusal = error
        else:
            messages.success(request, _("Deleted role “%(name)s”") % {"name": role.name})
            return go_to(request, "roles:role-list")
    context = {
        "title": _("Delete role “%(name)s”") % {"name": role.name},
        "role": role,
        "refusal": refusal,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "accounts/roles/role_delete.html", context, status=status)
