"""Looking accounts up on the provider's pages; administrators change them in the console."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.selectors.search import search_condition
from admin_platform.staff import ReadOnlyStaffAdmin
from admin_platform.templatetags.console import size


@admin.register(Account)
class AccountAdmin(ReadOnlyStaffAdmin[Account]):
    list_display = ("address", "name", "organization_link", "status", "last_login", "is_staff")
    list_filter = ("status", "is_staff")
    list_select_related = ("organization",)
    # Names the search box; how it is searched is said below.
    search_fields = ("address",)
    search_help_text = _("Name, address, alias, phone or employee no.")
    ordering = ("-id",)
    fields = (
        "address", "name", "organization_link", "department_names", "employee_no", "mobile",
        "title", "status", "expires_at", "deleted_at", "created_at", "last_login", "is_staff",
        "mailbox_use",
    )  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        """By the indexes that the console's own search uses."""
        return queryset.filter(search_condition(search_term, few=False)), False

    @admin.display(description=_("organization"), ordering="organization")
    def organization_link(self, account: Account) -> SafeString:
        address = reverse("admin:orgs_organization_change", args=[account.organization_id])
        return format_html('<a href="{}">{}</a>', address, account.organization)

    @admin.display(description=_("departments"))
    def department_names(self, account: Account) -> str:
        return "、".join(account.departments.values_list("name", flat=True))

    @admin.display(description=_("mailbox"))
    def mailbox_use(self, account: Account) -> str:
        if not account.has_mailbox:
            return "—"
        mailbox = account.mailbox
        return f"{size(mailbox.usage_bytes)} / {size(mailbox.quota_bytes)}"
