from datetime import date, datetime, time, timedelta
from ipaddress import ip_network
from typing import Any

import django_filters
from django import forms
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from admin_platform import audit, menu
from admin_platform.models import AuditRecord
from security.choices import LOCK_RESULTS, Protocol, SignInResult
from security.models import SignInRecord

Text = str | Promise
Choices = list[tuple[str, str]]


def day_begins(day: date) -> datetime:
    """Midnight in the reader's time zone. Comparing times, not dates, is what an index can do."""
    return timezone.make_aware(datetime.combine(day, time.min))


# The types of the manual (7.3), and the console's own sign-in.
KINDS = [
    ("web", _("Webmail sign-in")),
    ("console", _("Console sign-in")),
    ("clients", _("Client sign-in")),
    ("locks", _("Lock records")),
]
KIND_CONDITIONS = {
    "web": Q(protocol=Protocol.WEB),
    "console": Q(protocol=Protocol.CONSOLE),
    "clients": Q(protocol__in=(Protocol.SMTP, Protocol.IMAP, Protocol.POP3)),
    "locks": Q(result__in=LOCK_RESULTS),
}
# Beyond so many the beginning of an address says little; what was typed will do.
ACCOUNTS_MAX = 200


class NetworkField(forms.CharField):
    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text:
            try:
                return str(ip_network(text, strict=False))
            except ValueError:
                raise forms.ValidationError(_("Enter an IP address or a network.")) from None
        return text


class DayInput(forms.DateInput):
    input_type = "date"


class DaysFilter(django_filters.FilterSet):
    """A list that has a time `at`, from one day until another, both included."""

    since = django_filters.DateFilter(method="from_day", label=_("From"), widget=DayInput)
    until = django_filters.DateFilter(method="until_day", label=_("Until"), widget=DayInput)

    def from_day(self, queryset: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(at__gte=day_begins(value))

    def until_day(self, queryset: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        if value == date.max:
            return queryset
        return queryset.filter(at__lt=day_begins(value + timedelta(days=1)))


def plain_action(code: str) -> str:
    """What an action says, with dots for a target in its middle."""
    text = str(audit.actions()[code]).replace("{target}", "…")
    return " ".join(text.split()).strip(" :：“”…")


def actions_of(chapter: str) -> list[str]:
    own = audit.own_actions()
    return [
        code for code in audit.actions() if code not in own and audit.chapter_of(code) == chapter
    ]


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


class NetworkFilter(django_filters.CharFilter):
    """An IP address, or all of a network (10.1.0.0/16)."""

    field_class = NetworkField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        inside = Func(
            F(self.field_name),
            Value(value),
            template="(%(expressions)s)",
            arg_joiner=" <<= ",
            output_field=BooleanField(),
        )
        return qs.filter(inside)


class SignInFilter(DaysFilter):
    who = django_filters.CharFilter(
        method="by_account",
        label=_("Account"),
        widget=forms.TextInput(attrs={"placeholder": _("Account or its beginning")}),
    )
    kind = django_filters.ChoiceFilter(
        choices=KINDS, empty_label=_("All types"), label=_("Type"), method="by_kind"
    )
    result = django_filters.ChoiceFilter(
        choices=[("refused", _("Refused")), *SignInResult.choices],
        empty_label=_("All results"),
        label=_("Result"),
        method="by_result",
    )
    ip = NetworkFilter(
        label=_("IP address"),
        widget=forms.TextInput(attrs={"placeholder": _("IP address or network")}),
    )

    class Meta:
        model = SignInRecord
        fields: list[str] = []

    def by_account(
        self, queryset: QuerySet[SignInRecord], _name: str, value: str
    ) -> QuerySet[SignInRecord]:
        """By what was typed, and by the account that it meant (an alias, another domain)."""
        typed = value.strip().lower().replace("\x00", "")
        named = self.request.operator.scope(Account.objects.filter(address__startswith=typed))
        ids = list(named.values_list("pk", flat=True)[: ACCOUNTS_MAX + 1])
        if len(ids) > ACCOUNTS_MAX:
            return queryset.filter(address__startswith=typed)
        return queryset.filter(Q(address__startswith=typed) | Q(account__in=ids))

    def by_kind(
        self, queryset: QuerySet[SignInRecord], _name: str, value: str
    ) -> QuerySet[SignInRecord]:
        return queryset.filter(KIND_CONDITIONS[value])

    def by_result(
        self, queryset: QuerySet[SignInRecord], _name: str, value: str
    ) -> QuerySet[SignInRecord]:
        if value == "refused":
            return queryset.exclude(result=SignInResult.SUCCESS)
        return queryset.filter(result=value)
