"""Organizations, domains, resellers and notices on the provider's pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from admin_platform.staff import StaffAdmin, staff_operator
from admin_platform.templatetags.console import size
from orgs.models import DepartmentCount, Domain, Organization, ProviderNotice, Reseller
from orgs.models.organization import GIB
from orgs.selectors.organizations import seats_used
from orgs.services.organizations import change_organization, create_domain, create_organization


class OrganizationForm(forms.ModelForm[Organization]):
    """Storage is entered in GiB and kept in bytes."""

    storage_gib = forms.IntegerField(label=_("Storage in GiB"), min_value=0)
    default_quota_gib = forms.IntegerField(label=_("Default quota in GiB"), min_value=0)

    class Meta:
        model = Organization
        fields = (
            "name",
            "short_name",
            "seats",
            "time_zone",
            "reseller",
            "is_provider",
            "service_until",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["storage_gib"] = self.instance.storage_bytes // GIB
        self.initial["default_quota_gib"] = self.instance.default_quota_bytes // GIB

    @property
    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in OrganizationForm.Meta.fields}
        for unit in ("storage", "default_quota"):
            # What is not a whole number of GiB stays so unless it is changed.
            if f"{unit}_gib" in self.changed_data:
                values[f"{unit}_bytes"] = self.cleaned_data[f"{unit}_gib"] * GIB
        return values


@admin.register(Organization)
class OrganizationAdmin(StaffAdmin[Organization]):
    form = OrganizationForm
    list_display = (
        "name", "id", "seats", "seats_in_use", "storage", "reseller", "service_until",
        "is_provider",
    )  # fmt: skip
    list_filter = ("is_provider", "reseller")
    list_select_related = ("reseller",)
    search_fields = ("name", "short_name", "domains__name")
    fields = (
        "name", "short_name", "seats", "seats_in_use", "storage_gib", "default_quota_gib",
        "time_zone", "reseller", "service_until", "is_provider",
    )  # fmt: skip
    readonly_fields = ("seats_in_use",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        used = (
            DepartmentCount.objects.filter(department__organization=OuterRef("pk"))
            .order_by()
            .values("department__organization")
            .annotate(used=Sum("primaries"))
            .values("used")
        )
        return super().get_queryset(request).annotate(used=Coalesce(Subquery(used), Value(0)))

    def has_delete_permission(self, request: HttpRequest, obj: Organization | None = None) -> bool:
        """An organization is ended by its service date; its mail is not for a click."""
        return False

    @admin.display(description=_("seats in use"), ordering="used")
    def seats_in_use(self, organization: Organization) -> int:
        used: int = getattr(organization, "used", 0)
        return used

    @admin.display(description=_("storage"), ordering="storage_bytes")
    def storage(self, organization: Organization) -> str:
        return size(organization.storage_bytes)

    def save_model(
        self,
        request: HttpRequest,
        obj: Organization,
        form: ModelForm[Organization],
        change: bool,
    ) -> None:
        assert isinstance(form, OrganizationForm)  # noqa: S101  for the types
        actor = staff_operator(request)
        if not change:
            obj.pk = create_organization(actor=actor, **form.values).pk
            return
        saved = change_organization(organization=obj, actor=actor, **form.values)
        if saved.seats < seats_used(saved):
            self.message_user(
                request,
                _text("Fewer seats than accounts: no account can be created."),
                messages.WARNING,
            )


@admin.register(Domain)
class DomainAdmin(StaffAdmin[Domain]):
    list_display = ("name", "organization", "alias_of", "mx_state", "mx_checked_at", "created_at")
    list_filter = ("mx_state",)
    list_select_related = ("organization", "alias_of")
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization", "alias_of")
    readonly_fields = ("mx_state", "mx_checked_at", "created_at")
    ordering = (F("organization").asc(), F("alias_of").asc(nulls_first=True), "name")

    def has_change_permission(self, request: HttpRequest, obj: Domain | None = None) -> bool:
        """Addresses stand in a domain: it is added or taken away, never turned into another."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Domain, form: ModelForm[Domain], change: bool
    ) -> None:
        obj.pk = create_domain(
            organization=obj.organization,
            name=obj.name,
            alias_of=obj.alias_of,
            actor=staff_operator(request),
        ).pk


@admin.register(Reseller)
class ResellerAdmin(StaffAdmin[Reseller]):
    list_display = ("name", "phone", "email")
    search_fields = ("name",)


@admin.register(ProviderNotice)
class ProviderNoticeAdmin(StaffAdmin[ProviderNotice]):
    list_display = ("title", "starts_at", "ends_at")
    search_fields = ("title",)
    fields: ClassVar = ("title", "body", "starts_at", "ends_at")
