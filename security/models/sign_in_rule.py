from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization
from security.choices import SecondFactorFor

IDLE_MINUTES = (5, 24 * 60)
SESSION_HOURS = (1, 30 * 24)


class SignInRule(models.Model):
    """Who needs a second factor, and how long a browser's session lasts.

    clients_apart: mail clients need app passwords even without a second factor.
    idle_minutes: None where only the session's age counts.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="sign_in_rule"
    )
    second_factor_for = models.CharField(
        _("second factor"),
        max_length=16,
        choices=SecondFactorFor.choices,
        default=SecondFactorFor.NOBODY,
    )
    clients_apart = models.BooleanField(_("only app passwords in clients"), default=False)
    idle_minutes = models.PositiveIntegerField(
        _("minutes without activity"),
        null=True,
        blank=True,
        default=120,
        validators=[MinValueValidator(IDLE_MINUTES[0]), MaxValueValidator(IDLE_MINUTES[1])],
    )
    session_hours = models.PositiveIntegerField(
        _("hours of a session"),
        default=12,
        validators=[MinValueValidator(SESSION_HOURS[0]), MaxValueValidator(SESSION_HOURS[1])],
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("sign-in rule")
        verbose_name_plural = _("sign-in rules")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.organization.name}"
