from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from orgs.models import Organization
from security.choices import Protocol
from security.models.ranges import RangeModel

MAX_ATTEMPTS = 100
# A day: who waits longer asks an administrator.
MAX_MINUTES = 24 * 60


class LockoutRule(models.Model):
    """When wrong passwords lock an account of an organization; without a row the defaults.

    attempts: the wrong password that locks, counted over web, console and mail clients
    within window_minutes.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="lockout_rule"
    )
    is_on = models.BooleanField(_("lock accounts"), default=True)
    attempts = models.PositiveSmallIntegerField(
        _("wrong passwords"),
        default=5,
        validators=[MinValueValidator(3), MaxValueValidator(MAX_ATTEMPTS)],
    )
    window_minutes = models.PositiveSmallIntegerField(
        _("within minutes"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES)],
    )
    lock_minutes = models.PositiveSmallIntegerField(
        _("locked for minutes"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES)],
    )

    class Meta:
        verbose_name = _("lockout settings")
        verbose_name_plural = _("lockout settings")

    def __str__(self) -> str:
        return str(_("lockout settings"))


class LockoutExemption(RangeModel):
    """Addresses from which wrong passwords neither lock an account nor count (manual, 9.2.2)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="lockout_exemptions"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta(RangeModel.Meta):
        verbose_name = _("allow-listed range")
        verbose_name_plural = _("allow-listed ranges")
        constraints = [
            *RangeModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "first", "last"], name="lockoutexemption_once"
            ),
        ]


class Lockout(models.Model):
    """The wrong passwords of an account, and until when they lock it.

    failed_at: those that count at present; empty once they have locked the account.
    ip, protocol: where the last of them came from.
    Counting holds a lock on the account's row (services.counting).
    """

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="lockout"
    )
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    failed_at = ArrayField(models.DateTimeField(), default=list)
    locked_at = models.DateTimeField(_("locked at"), null=True)
    locked_until = models.DateTimeField(_("locked until"), null=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    protocol = models.CharField(_("protocol"), max_length=16, choices=Protocol.choices)

    class Meta:
        verbose_name = _("locked account")
        verbose_name_plural = _("locked accounts")
        constraints = [
            models.CheckConstraint(
                name="lockout_from_until",
                condition=Q(locked_until=None) | Q(locked_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "-locked_at", "-account"],
                condition=Q(locked_until__isnull=False),
                name="lockout_locked",
            )
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()

    @property
    def is_clean(self) -> bool:
        return not self.failed_at and not self.is_locked

    @property
    def minutes_left(self) -> int:
        """Begun minutes; 0 where it is not locked."""
        left = (self.locked_until or timezone.now()) - timezone.now()
        return max(0, -(-left // timedelta(minutes=1)))
