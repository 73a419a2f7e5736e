from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Mailbox
from accounts.validators import ADDRESS_MAX_LENGTH
from mail_server.choices import DeliveryState, Direction, EventKind


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
        # Rows come in the order of time, and the oldest go together.
        indexes = [BrinIndex(fields=["received_at"], name="scan_verdict_age")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.action}"


class MessageEvent(models.Model):
    """What happened to a message, once for each organization that it concerns.

    Written by services.events only, and never changed but for a subject that is learned
    later. The table is in partitions by month (migration 0006). direction: as that
    organization sees it. organization_id: None where nobody here is concerned, as with
    relaying that was refused. recipient: empty in what concerns the message as a whole.
    queue_id: empty where a message was refused before it had one. at: of the log of Postfix,
    which has seconds only, with the number of the line among those of its second as
    microseconds. dsn: an enhanced status code (RFC 3463).
    """

    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("status"), max_length=16, choices=EventKind.choices)
    direction = models.CharField(_("direction"), max_length=16, choices=Direction.choices)
    organization_id = models.BigIntegerField(null=True)
    sender_account = models.ForeignKey(
        Account,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    recipient_account = models.ForeignKey(
        Account,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    queue_id = models.CharField(_("queue ID"), max_length=32, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    sender = models.CharField(_("envelope sender"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    recipient = models.CharField(_("recipient"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    original_recipient = models.CharField(
        _("written as"), max_length=ADDRESS_MAX_LENGTH, blank=True
    )
    login = models.CharField(_("signed in as"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    size_bytes = models.BigIntegerField(_("size in bytes"), default=0)
    client_ip = models.GenericIPAddressField(_("IP address"), null=True)
    dsn = models.CharField(max_length=16, blank=True)
    relay = models.CharField(_("next server"), max_length=255, blank=True)
    reason = models.TextField(_("reply"), blank=True)

    class Meta:
        verbose_name = _("message event")
        verbose_name_plural = _("message events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.recipient}"


class DailyVolume(models.Model):
    """Mail of a day, kept while events arrive. account: None for the whole organization.

    sent: messages accepted from a member. received: copies that were put into mailboxes.
    """

    day = models.DateField(_("day"))
    organization_id = models.BigIntegerField()
    account = models.ForeignKey(
        Account,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    sent = models.BigIntegerField(_("sent"), default=0)
    sent_bytes = models.BigIntegerField(_("sent, in bytes"), default=0)
    received = models.BigIntegerField(_("received"), default=0)
    received_bytes = models.BigIntegerField(_("received, in bytes"), default=0)

    class Meta:
        verbose_name = _("daily mail volume")
        verbose_name_plural = _("daily mail volumes")
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "account", "day"],
                nulls_distinct=False,
                name="daily_volume_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "day"], name="daily_volume_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.organization_id} {self.account_id or ''}"


class LogPosition(models.Model):
    """How far the log of Postfix is read; moves in the transaction of what was read.

    host: each has a log of the same name. inode: which file, for the log is renamed when it
    is rotated. second, lines: time of the last line, and how many lines of that second there
    were.
    """

    host = models.CharField(max_length=255)
    path = models.CharField(max_length=1024)
    inode = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    second = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("place in a log")
        verbose_name_plural = _("places in logs")
        constraints = [
            models.UniqueConstraint(fields=["host", "path"], name="log_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.path} {self.offset}"


class LoggedMessage(models.Model):
    """What Postfix's log has told so far of a message in its queue.

    event_at: when it was accepted, or refused after all; None before. is_filtered: what
    Rspamd found is among the events. seen_at: of the last line. originals: what a member
    wrote, by the address it led to, where these differ.
    """

    queue_id = models.CharField(_("queue ID"), max_length=32, unique=True)
    client_ip = models.GenericIPAddressField(_("IP address"), null=True)
    login = models.CharField(_("signed in as"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    sender = models.CharField(_("envelope sender"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    size_bytes = models.BigIntegerField(_("size in bytes"), default=0)
    event_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    originals = models.JSONField(default=dict)
    is_filtered = models.BooleanField(default=False)
    is_removed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("message in the queue of Postfix")
        verbose_name_plural = _("messages in the queue of Postfix")

    def __str__(self) -> str:
        return self.queue_id


class SentRecipients(models.Model):
    """Recipients that an account was let write to in one hour; kept for a day.

    Counted by the SQL function mp_take_recipient only.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False, related_name="+")
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("recipients"), default=0)

    class Meta:
        verbose_name = _("sent recipients")
        verbose_name_plural = _("sent recipients")
        constraints = [
            models.UniqueConstraint(fields=["account", "hour"], name="sent_recipients_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.hour:%Y-%m-%d %H} {self.count}"
