from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import ReceiveScope, SendScope
from accounts.models.account import Account
from accounts.validators import ADDRESS_MAX_LENGTH, validate_address
from orgs.models import Organization


class Mailbox(models.Model):
    """What stores an account's mail, and what it may send and receive.

    quota_bytes: 0 means without limit. usage_bytes: as the mail store last told.
    store_host, store_path: where the mail lies; own columns, so that handing a mailbox
    to another account or renaming it moves no file.
    forward_to: copies of received mail go there while forwarding_allowed; with
    keep_copy False only there.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="mailbox")
    quota_bytes = models.BigIntegerField(_("quota"), validators=[MinValueValidator(0)])
    usage_bytes = models.BigIntegerField(_("usage"), default=0)
    store_host = models.CharField(max_length=255, blank=True)
    store_path = models.CharField(max_length=255, unique=True)
    send_scope = models.CharField(
        _("may send to"),
        max_length=16,
        choices=SendScope.choices,
        default=SendScope.ALL,
    )
    receive_scope = models.CharField(
        _("may receive from"),
        max_length=16,
        choices=ReceiveScope.choices,
        default=ReceiveScope.ALL,
    )
    web_enabled = models.BooleanField(_("webmail"), default=True)
    imap_enabled = models.BooleanField("IMAP", default=True)
    pop3_enabled = models.BooleanField("POP3", default=True)
    smtp_enabled = models.BooleanField("SMTP", default=True)
    forwarding_allowed = models.BooleanField(_("may forward"), default=False)
    forward_to = ArrayField(
        models.CharField(max_length=ADDRESS_MAX_LENGTH, validators=[validate_address]),
        verbose_name=_("forward to"),
        default=list,
        blank=True,
        size=10,
    )
    keep_copy = models.BooleanField(_("keep a copy"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.CheckConstraint(
                name="mailbox_quota_not_negative", condition=Q(quota_bytes__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["-usage_bytes", "-account"], name="mailbox_by_usage"),
            GinIndex(fields=["forward_to"], condition=~Q(forward_to=[]), name="mailbox_by_forward"),
        ]

    def __str__(self) -> str:
        return self.account.address

    @property
    def usage_percent(self) -> int:
        return min(100, self.usage_bytes * 100 // self.quota_bytes) if self.quota_bytes else 0


class MailboxTotal(models.Model):
    """What an organization's mailboxes come to, kept by triggers on the mailboxes.

    quota_bytes: the sum of their quotas, of which the organization's storage is the limit.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="mailbox_total"
    )
    mailboxes = models.IntegerField(default=0)
    quota_bytes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.mailboxes}"
