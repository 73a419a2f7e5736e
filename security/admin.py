"""Rules for addresses on the provider's pages: the way back for who shut everybody out."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from admin_platform.staff import ReadOnlyStaffAdmin, staff_operator
from security.models import IpPolicy, IpRule
from security.services.ip_policies import delete_ip_policy
from security.services.ip_rules import delete_ip_rule


@admin.register(IpRule)
class IpRuleAdmin(ReadOnlyStaffAdmin[IpRule]):
    """Default rules; those of members go with their member rule."""

    list_display = ("__str__", "organization", "action", "note", "created_at")
    list_filter = ("action",)
    list_select_related = ("organization",)
    search_fields = ("organization__name",)
    fields = ("organization", "first", "last", "action", "note", "created_at")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IpRule]:
        return super().get_queryset(request).filter(policy=None)

    def has_delete_permission(self, request: HttpRequest, obj: IpRule | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def delete_model(self, request: HttpRequest, obj: IpRule) -> None:
        delete_ip_rule(rule=obj, confirmed=True, actor=staff_operator(request))


@admin.register(IpPolicy)
class IpPolicyAdmin(ReadOnlyStaffAdmin[IpPolicy]):
    list_display = ("account", "organization", "elsewhere", "changed_at")
    list_select_related = ("account", "organization")
    search_fields = ("account__address", "organization__name")
    fields = ("account", "organization", "elsewhere", "changed_at")
    ordering = ("-id",)

    def has_delete_permission(self, request: HttpRequest, obj: IpPolicy | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def delete_model(self, request: HttpRequest, obj: IpPolicy) -> None:
        delete_ip_policy(policy=obj, confirmed=True, actor=staff_operator(request))
