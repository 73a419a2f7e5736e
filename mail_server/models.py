from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Mailbox
from accounts.validators import ADDRESS_MAX_LENGTH
from mail_server.choices import DeliveryState


class QueuedMessage(models.Model):
    """A message that the embedded server has accepted; its text lies in the spool.

    queue_id: told to the client, names the spool file. account: who signed in to send
    it. size_bytes: as received. system_key: makes a letter of the platform itself
    unique, so that a repeated job sends it once.
    """

    queue_id = models.CharField(_("queue ID"), max_length=32, unique=True)
    envelope_sender = models.CharField(
        _("envelope sender"), max_length=ADDRESS_MAX_LENGTH, blank=True
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.SET_NULL, related_name="sent_messages"
    )
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    size_bytes = models.BigIntegerField(_("size in bytes"))
    client_ip = models.GenericIPAddressField(_("IP address"), null=True)
    system_key = models.CharField(max_length=128, null=True, unique=True)
    accepted_at = models.DateTimeField(_("accepted at"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return self.queue_id


class Delivery(models.Model):
    """A message's way to one recipient, inside (mailbox) or outside.

    original_recipient: as the sender wrote it, before aliases, lists and forwarding.
    reply: what the last attempt was answered, in the words of whoever answered.
    """

    message = models.ForeignKey(QueuedMessage, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.CharField(_("recipient"), max_length=ADDRESS_MAX_LENGTH)
    original_recipient = models.CharField(_("written as"), max_length=ADDRESS_MAX_LENGTH)
    mailbox = models.ForeignKey(
        Mailbox, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    state = models.CharField(
        _("state"), max_length=16, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    reply = models.TextField(_("reply"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient"], name="delivery_one_copy"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=("pending", "deferred")),
                name="delivery_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.state}"


class OutboxDelivery(Delivery):
    """A delivery to the outside, as the staff pages show it."""

    class Meta:
        proxy = True
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox")


class ScanVerdict(models.Model):
    """What Rspamd found in one message, as it told us after its answer to Postfix.

    queue_id: Postfix's; the message is known elsewhere by it. action: Rspamd's word.
    symbols: objects with name, score and options. login: who signed in to send it.
    recipients: as the sender gave them, before aliases and lists.
    """

    queue_id = models.CharField(_("queue ID"), max_length=32, unique=True)
    action = models.CharField(_("action"), max_length=32)
    score = models.FloatField(_("spam score"))
    symbols = models.JSONField(_("symbols"), default=list)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    login = models.CharField(_("signed in as"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    client_ip = models.GenericIPAddressField(_("IP address"), null=True)
    envelope_sender = models.CharField(
        _("envelope sender"), max_length=ADDRESS_MAX_LENGTH, blank=True
    )
    recipients = models.JSONField(_("recipients"), default=list)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    class Meta:
        verbose_name = _("scan result")
        verbose_name_plural = _("scan results")

    def __str__(self) -> str:
        return f"{self.queue_id} {self.action}"
