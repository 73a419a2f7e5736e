from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from security.choices import CLIENT_PROTOCOLS, Protocol


class AppPassword(models.Model):
    """A password for one mail client, made up and shown once; opens the protocols it names."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=64)
    protocols = ArrayField(
        models.CharField(max_length=16, choices=[(p.value, p.label) for p in CLIENT_PROTOCOLS]),
        verbose_name=_("protocols"),
    )
    encoded = models.CharField(max_length=128)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), null=True)
    last_ip = models.GenericIPAddressField(_("last IP address"), null=True)

    class Meta:
        verbose_name = _("app password")
        verbose_name_plural = _("app passwords")
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="app_password_name"),
            models.CheckConstraint(
                name="app_password_protocols", condition=models.Q(protocols__len__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def protocol_labels(self) -> list[str]:
        return [str(Protocol(code).label) for code in self.protocols]
