from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account

REASON_MAX_LENGTH = 300


class MailReading(models.Model):
    """That an administrator opened a member's mailbox, why, and until when.

    The member sees it (seen_at: when first); the administrator log has it too. Names are
    copied, for the reader's account may be gone when it is shown.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mail_readings")
    reader = models.ForeignKey(
        Account, null=True, on_delete=models.SET_NULL, related_name="own_mail_readings"
    )
    reader_name = models.CharField(_("administrator"), max_length=320)
    reason = models.CharField(_("reason"), max_length=REASON_MAX_LENGTH)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends at"))
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reading of a member's mail")
        verbose_name_plural = _("readings of members' mail")
        constraints = [
            models.CheckConstraint(name="mail_reading_has_a_reason", condition=~models.Q(reason=""))
        ]
        indexes = [
            models.Index(fields=["account", "-opened_at", "-id"], name="mail_reading_account")
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M} {self.reader_name}"


class ReadMessage(models.Model):
    """A message that was read within a reading. key: names it within its folder."""

    reading = models.ForeignKey(MailReading, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField(_("time"), default=timezone.now)
    folder = models.CharField(_("folder"), max_length=255)
    key = models.CharField(max_length=255)
    message_id = models.CharField(max_length=998, blank=True)

    class Meta:
        verbose_name = _("message that was read")
        verbose_name_plural = _("messages that were read")
        constraints = [
            models.UniqueConstraint(fields=["reading", "folder", "key"], name="read_message_once")
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.message_id}"
