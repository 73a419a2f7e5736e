from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admin_platform import audit, functions, menu
from admin_platform.models import AuditRecord

Text = str | Promise
Choices = list[tuple[str, str]]


def day_begins(day: date) -> datetime:
    """Midnight in the reader's time zone. Comparing times, not dates, is what an index can do."""
    return timezone.make_aware(datetime.combine(day, time.min))


class DayInput(forms.DateInput):
    input_type = "date"


class DaysFilter(django_filters.FilterSet):
    """A list that has a time `at`, from one day until another, both included."""

    since = django_filters.DateFilter(method="from_day", label=_("From"), widget=DayInput)
    until = django_filters.DateFilter(method="until_day", label=_("Until"), widget=DayInput)

    def from_day(self, queryset: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(at__gte=day_begins(value))

    def until_day(self, queryset: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(at__lt=day_begins(value + timedelta(days=1)))


def plain_action(code: str) -> str:
    """What an action says, without its target."""
    text = str(audit.actions()[code]).replace("{target}", "")
    return " ".join(text.split()).strip(" :：“”")


def chapter_of(action: str) -> str:
    """The chapter whose functions have the subject of the action; "" for none."""
    subject = action.partition(".")[0]
    found = (f for f in functions.all_functions() if f.code.partition(".")[0] == subject)
    return next((f.chapter for f in found), "")


def actions_of(chapter: str) -> list[str]:
    own = audit.own_actions()
    return [code for code in audit.actions() if code not in own and chapter_of(code) == chapter]


def operation_choices() -> list[tuple[str, Choices]]:
    """Actions by chapter; the first choice of a chapter stands for them all."""
    chapters = [(c.code, str(c.label)) for c in menu.CHAPTERS] + [("", gettext("Other"))]
    groups = []
    for code, label in chapters:
        actions = sorted(((a, plain_action(a)) for a in actions_of(code)), key=lambda c: c[1])
        if actions:
            every = (f"*{code}", gettext("All: %(chapter)s") % {"chapter": label})
            groups.append((label, [every, *actions]))
    return groups


def own_action_choices() -> Choices:
    return sorted(((a, plain_action(a)) for a in audit.own_actions()), key=lambda c: c[1])


class TextFilter(django_filters.CharFilter):
    """Contains, whatever the case; named by its placeholder."""

    def __init__(self, field_name: str, label: Text) -> None:
        box = forms.TextInput(attrs={"placeholder": label})
        super().__init__(field_name, "icontains", label=label, widget=box)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        # A NUL cannot be in the database, nor asked for.
        found: QuerySet[Any] = super().filter(qs, (value or "").replace("\x00", ""))
        return found


class RecordFilter(DaysFilter):
    who = TextFilter("actor_name", _("Administrator"))
    object = TextFilter("target_name", _("Object"))
    action = django_filters.ChoiceFilter(
        choices=operation_choices,
        empty_label=_("All operations"),
        label=_("Operation"),
        method="by_operation",
    )

    class Meta:
        model = AuditRecord
        fields: list[str] = []

    def by_operation(
        self, queryset: QuerySet[AuditRecord], _name: str, value: str
    ) -> QuerySet[AuditRecord]:
        wanted = actions_of(value[1:]) if value.startswith("*") else [value]
        return queryset.filter(action__in=wanted)


class OwnActFilter(DaysFilter):
    who = TextFilter("actor_name", _("Account"))
    action = django_filters.ChoiceFilter(
        choices=own_action_choices, empty_label=_("All operations"), label=_("Operation")
    )

    class Meta:
        model = AuditRecord
        fields: list[str] = []
