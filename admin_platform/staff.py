"""What the provider's pages have in common: who may, what is recorded, how much is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.functional import cached_property

from admin_platform import audit
from admin_platform.operator import Operator

M = TypeVar("M", bound=Model)

# Nobody pages further; counting millions of rows would make every list slow.
COUNTED = 10_000


def staff_operator(request: HttpRequest) -> Operator:
    """Whoever is signed in, acting for the provider: named in the log, bound by no grants."""
    operator: Operator = request.operator  # type: ignore[attr-defined]
    # The request holds it lazily, which replace() alone does not see through.
    return replace(operator.at(""), is_system=True)


class CappedPaginator(Paginator[M]):
    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:COUNTED].count())


class StaffAdmin(admin.ModelAdmin[M]):
    """A page on which all staff may act; what they change is in the administrator log."""

    paginator = CappedPaginator
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: M, form: ModelForm[M], change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            "staff.changed" if change else "staff.created",
            actor=staff_operator(request),
            target=obj,
            before={name: form.initial.get(name) for name in form.changed_data} if change else {},
            after={name: form.cleaned_data.get(name) for name in form.changed_data},
        )

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        audit.record("staff.deleted", actor=staff_operator(request), target=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


class ReadOnlyStaffAdmin(StaffAdmin[M]):
    """A page on which nothing is entered."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False
