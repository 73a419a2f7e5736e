from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mail_server import spool
from mail_server.models import OutboxDelivery

SHOWN_BYTES = 64 * 1024


@admin.register(OutboxDelivery)
class OutboxAdmin(admin.ModelAdmin[OutboxDelivery]):
    """Mail to the outside: what waits, what went, what was refused. Nothing is sent here."""

    list_display = ("accepted", "sender", "recipient", "subject", "state", "answer")
    list_filter = ("state",)
    search_fields = ("recipient", "message__subject", "message__envelope_sender")
    ordering = ("-id",)
    list_select_related = ("message",)
    fields = readonly_fields = (
        "accepted",
        "sender",
        "recipient",
        "original_recipient",
        "subject",
        "state",
        "attempts",
        "next_attempt_at",
        "answer",
        "source",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxDelivery]:
        return super().get_queryset(request).filter(mailbox=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("accepted at"), ordering="message__accepted_at")
    def accepted(self, delivery: OutboxDelivery) -> str:
        return f"{localtime(delivery.message.accepted_at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("reply"))
    def answer(self, delivery: OutboxDelivery) -> str:
        return gettext(delivery.reply) if delivery.reply else "–"

    @admin.display(description=_("envelope sender"))
    def sender(self, delivery: OutboxDelivery) -> str:
        return delivery.message.envelope_sender or "<>"

    @admin.display(description=_("subject"))
    def subject(self, delivery: OutboxDelivery) -> str:
        return delivery.message.subject

    @admin.display(description=_("message"))
    def source(self, delivery: OutboxDelivery) -> SafeString | str:
        try:
            content = spool.read(delivery.message.queue_id)
        except FileNotFoundError:
            return gettext("No longer kept.")
        return format_html("<pre>{}</pre>", content[:SHOWN_BYTES].decode("utf-8", "replace"))
