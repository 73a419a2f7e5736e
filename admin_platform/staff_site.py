"""The provider's pages at /staff/: Django's admin, for accounts marked as staff.

People sign in, sign out and change their password where everybody does. Loaded before
any model, hence the imports inside.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    site_header = _("Provider console")
    site_title = _("Provider console")
    index_title = _("Support")
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff are accounts of the provider; the mark counts nothing on anybody else's."""
        user: Any = request.user
        return bool(user.is_active and user.is_staff and user.organization.is_provider)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """To the sign-in of the platform; who is signed in already and is not staff gets 403."""
        from django.core.exceptions import PermissionDenied

        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('sign-in')}?next={reverse('admin:index')}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("sign-out", preserve_request=True)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("password-change")


class StaffAdminConfig(AdminConfig):
    default_site = "admin_platform.staff_site.StaffSite"

    def ready(self) -> None:
        from django.contrib.auth.models import Group

        super().ready()
        # Rights come from roles and grants, never from Django's groups.
        admin.site.unregister(Group)
