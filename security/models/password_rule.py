from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from orgs.models import Organization
from security.choices import DigitRuns

# Manual, 9.1.2: a length of 8 to 16 must be possible; forms take 128 characters at most.
MIN_LENGTHS, MAX_LENGTHS = (8, 16), (16, 128)
MAX_HISTORY = 24
EXPIRY_DAYS = (7, 730)
MAX_WARNING_DAYS = 30


class PasswordRule(models.Model):
    """What passwords of an organization must be like, and how long they hold (manual, 9.1.2).

    min_classes: of the four upper case, lower case, digits, other characters. history: how
    many former passwords may not come back; 0 for none. expiry_days: None for never.
    expire_clients: mail clients are refused once the password has expired.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="password_rule"
    )
    min_length = models.PositiveSmallIntegerField(
        _("shortest length"),
        default=8,
        validators=[MinValueValidator(MIN_LENGTHS[0]), MaxValueValidator(MIN_LENGTHS[1])],
    )
    max_length = models.PositiveSmallIntegerField(
        _("longest length"),
        default=128,
        validators=[MinValueValidator(MAX_LENGTHS[0]), MaxValueValidator(MAX_LENGTHS[1])],
    )
    min_classes = models.PositiveSmallIntegerField(
        _("kinds of characters"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    digit_runs = models.CharField(
        _("digits side by side"),
        max_length=16,
        choices=DigitRuns.choices,
        default=DigitRuns.ALLOWED,
    )
    no_keyboard_runs = models.BooleanField(_("keyboard runs"), default=False)
    no_names = models.BooleanField(_("name and account"), default=True)
    no_leaked = models.BooleanField(_("leaked passwords"), default=True)
    history = models.PositiveSmallIntegerField(
        _("former passwords"), default=3, validators=[MaxValueValidator(MAX_HISTORY)]
    )
    expiry_days = models.PositiveSmallIntegerField(
        _("days until it expires"),
        null=True,
        blank=True,
        validators=[MinValueValidator(EXPIRY_DAYS[0]), MaxValueValidator(EXPIRY_DAYS[1])],
    )
    warning_days = models.PositiveSmallIntegerField(
        _("days of warning"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WARNING_DAYS)],
    )
    expire_clients = models.BooleanField(_("mail clients"), default=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("password rule")
        verbose_name_plural = _("password rules")
        constraints = [
            # A made-up password of 16 characters fits between any two limits.
            models.CheckConstraint(
                name="password_rule_lengths",
                condition=Q(min_length__range=MIN_LENGTHS) & Q(max_length__range=MAX_LENGTHS),
            ),
            models.CheckConstraint(
                name="password_rule_warning",
                condition=Q(expiry_days=None) | Q(warning_days__lt=F("expiry_days")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.organization.name}"


class PreviousPassword(models.Model):
    """The hash of a password that an account had; written by the database when it changes."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="previous_passwords"
    )
    encoded = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("previous password")
        verbose_name_plural = _("previous passwords")

    def __str__(self) -> str:
        return f"{self.account_id} {self.replaced_at:%Y-%m-%d}"


class PasswordWarning(models.Model):
    """That somebody was told of an expiry; one letter for each password and number of days."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    password_changed_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("password warning")
        verbose_name_plural = _("password warnings")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "password_changed_at", "days"], name="password_warning_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.days}"
