from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization

RECIPIENTS = (1, 1_000_000)
_validators = [MinValueValidator(RECIPIENTS[0]), MaxValueValidator(RECIPIENTS[1])]


class SendingLimit(models.Model):
    """How many recipients each account of an organization may write to; None for any number.

    hourly: within a clock hour. daily: within the last 24 of those.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="sending_limit"
    )
    hourly = models.PositiveIntegerField(
        _("recipients an hour"), null=True, blank=True, validators=_validators
    )
    daily = models.PositiveIntegerField(
        _("recipients a day"), null=True, blank=True, validators=_validators
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("sending limit")
        verbose_name_plural = _("sending limits")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.organization.name}"
