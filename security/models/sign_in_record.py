from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.validators import ADDRESS_MAX_LENGTH
from security.choices import LOCK_RESULTS, Protocol, SignInResult


class SignInRecord(models.Model):
    """One attempt to sign in, by whatever protocol (manual, 7.3).

    address is what was typed, cut to a sensible length; account is known only where it
    names one, organization where its domain is known.
    """

    at = models.DateTimeField(_("time"), default=timezone.now)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.SET_NULL, related_name="sign_ins"
    )
    organization_id = models.BigIntegerField(null=True)
    address = models.CharField(_("account"), max_length=ADDRESS_MAX_LENGTH)
    protocol = models.CharField(_("protocol"), max_length=16, choices=Protocol.choices)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    client = models.CharField(_("client"), max_length=200, blank=True)
    result = models.CharField(_("result"), max_length=24, choices=SignInResult.choices)

    class Meta:
        verbose_name = _("sign-in record")
        verbose_name_plural = _("sign-in log")
        indexes = [
            models.Index(fields=["account", "-at"], name="sign_in_account"),
            models.Index(fields=["organization_id", "-at", "-id"], name="sign_in_by_time"),
            models.Index(fields=["organization_id", "ip", "-at"], name="sign_in_by_ip"),
            # By the beginning of an address, whatever the collation.
            models.Index(
                F("organization_id"),
                OpClass("address", name="varchar_pattern_ops"),
                name="sign_in_by_address",
            ),
            # The few that the log shows as lock records.
            models.Index(
                fields=["organization_id", "-at", "-id"],
                condition=Q(result__in=LOCK_RESULTS),
                name="sign_in_locks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.address} {self.protocol} {self.result}"
