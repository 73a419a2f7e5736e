"""The provider's pages at /staff/: Django's admin, for accounts marked as staff."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    site_header = _("Provider console")
    site_title = _("Provider console")
    index_title = _("Support")
    site_url = None


class StaffAdminConfig(AdminConfig):
    default_site = "admin_platform.staff_site.StaffSite"
