from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.validators import validate_time_zone

GIB = 1024**3


class Reseller(models.Model):
    """Who sold the service to an organization; named on its home page (manual, 3④)."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=128)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("mail"), blank=True)

    class Meta:
        verbose_name = _("reseller")
        verbose_name_plural = _("resellers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """A company, school or ministry with its own domains, departments and accounts.

    seats: how many accounts it may have. storage_bytes: what its mailboxes' quotas may
    come to. is_provider: runs the platform; only its accounts may be staff.
    """

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=128)
    short_name = models.CharField(
        _("short name"), max_length=32, blank=True, help_text=_("Shown in the top bar.")
    )
    seats = models.PositiveIntegerField(_("seats"), default=200)
    storage_bytes = models.BigIntegerField(
        _("storage in bytes"), default=2048 * GIB, validators=[MinValueValidator(0)]
    )
    default_quota_bytes = models.BigIntegerField(
        _("default quota of a mailbox in bytes"),
        default=10 * GIB,
        validators=[MinValueValidator(0)],
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Asia/Shanghai",
        validators=[validate_time_zone],
    )
    reseller = models.ForeignKey(
        Reseller,
        verbose_name=_("reseller"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="organizations",
    )
    is_provider = models.BooleanField(_("provider of the platform"), default=False)
    service_until = models.DateField(_("service until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def brand(self) -> str:
        return self.short_name or self.name
