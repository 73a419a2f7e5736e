import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from admin_platform import audit
from admin_platform.models import AuditRecord


def action_choices() -> list[tuple[str, str]]:
    """Actions by what they say, without their target."""
    found = [
        (code, str(text).replace("{target}", "").strip()) for code, text in audit.actions().items()
    ]
    return sorted(found, key=lambda choice: choice[1])


class RecordFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Administrator or object"))
    action = django_filters.ChoiceFilter(
        choices=action_choices, empty_label=_("All operations"), label=_("Operation")
    )
    since = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__lte",
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditRecord
        fields: list[str] = []

    def search(
        self, queryset: QuerySet[AuditRecord], _name: str, value: str
    ) -> QuerySet[AuditRecord]:
        value = value.replace("\x00", "")
        return queryset.filter(Q(actor_name__icontains=value) | Q(target_name__icontains=value))
