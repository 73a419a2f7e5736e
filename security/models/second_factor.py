from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin

from accounts.models import Account

# One second after the first wrong code, then twice as long each time, up to nine minutes.
MAX_THROTTLED_FAILURES = 10


class SecondFactor(ThrottlingMixin, Device):
    """An authenticator app of a member (TOTP, RFC 6238); there only once it was confirmed.

    secret: base32, encrypted. last_step: the time step of the last accepted code, so that
    none is accepted twice.
    """

    user = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=255)
    last_step = models.BigIntegerField(default=-1)
    enabled_at = models.DateTimeField(_("enabled at"), default=timezone.now)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def get_throttle_factor(self) -> int:
        return 1


class RecoveryCode(models.Model):
    """A code that replaces the authenticator app, once.

    digest: keyed with SECRET_KEY, so that the code can be looked up and not guessed from it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
