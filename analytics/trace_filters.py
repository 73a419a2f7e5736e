from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from analytics.filters import DaysFilter, TextFilter
from analytics.selectors.trace import suspicious
from mail_server.choices import Direction, EventKind
from mail_server.models import MessageEvent

# Unless other days are asked for.
DAYS = 7
KINDS = [("plain", _("Ordinary mail")), ("suspicious", _("Spam and viruses"))]
STATUSES = [(kind.value, kind.label) for kind in EventKind if kind not in ("received", "filtered")]


class TraceFilter(DaysFilter):
    """queue_id: of one message, to whomever it went; a link names it."""

    address = django_filters.CharFilter(
        method="by_address",
        label=_("Mail address"),
        widget=forms.TextInput(attrs={"placeholder": _("Sender or recipient")}),
    )
    subject = TextFilter("subject", _("Subject"))
    direction = django_filters.ChoiceFilter(
        choices=Direction.choices, empty_label=_("Sent and received"), label=_("Direction")
    )
    kind = django_filters.ChoiceFilter(
        choices=KINDS, empty_label=_("All types"), label=_("Type"), method="by_kind"
    )
    status = django_filters.ChoiceFilter(
        "kind", choices=STATUSES, empty_label=_("All results"), label=_("Result")
    )
    queue_id = django_filters.CharFilter(widget=forms.HiddenInput())

    class Meta:
        model = MessageEvent
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        since = timezone.localdate() - timedelta(days=DAYS - 1)
        given = data.dict() if data else {}
        super().__init__({"since": f"{since:%Y-%m-%d}"} | given, *args, **options)

    def by_address(
        self, queryset: QuerySet[MessageEvent], _name: str, value: str
    ) -> QuerySet[MessageEvent]:
        """The beginning of an address; a whole alias; all of a domain ("@…")."""
        typed = value.strip().lower()
        if typed.startswith("@"):
            return queryset.filter(Q(sender__endswith=typed) | Q(recipient__endswith=typed))
        if names := self.other_names(typed):
            return queryset.filter(either("startswith", typed) | either("in", names))
        return queryset.filter(either("startswith", typed))

    def other_names(self, address: str) -> list[str]:
        """The primary address, which mail to an alias is delivered to."""
        found = Address.objects.filter(
            address=address, account__organization=self.request.operator.organization_id
        )
        return list(
            found.exclude(account__address=address).values_list("account__address", flat=True)
        )

    def by_kind(
        self, queryset: QuerySet[MessageEvent], _name: str, value: str
    ) -> QuerySet[MessageEvent]:
        return queryset.filter(suspicious() if value == "suspicious" else ~suspicious())


def either(lookup: str, value: Any) -> Q:
    """Sender, recipient, or what the sender wrote for the recipient where that is not the same
    (an index holds those alone)."""
    written = Q(**{f"original_recipient__{lookup}": value})
    return (
        Q(**{f"sender__{lookup}": value})
        | Q(**{f"recipient__{lookup}": value})
        | written & ~Q(original_recipient=F("recipient"))
    )
