from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.validators import ADDRESS_MAX_LENGTH, validate_address
from orgs.models import Organization
from orgs.validators import validate_domain_name
from security.choices import ListedAs, ListedKind, SpamAction, SpamLevel
from security.ranges import AddressRange

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MAX_SCORE = 100

# From which score on a message is spam, and from which it is refused whatever the action.
SCORES = {
    SpamLevel.LOW: (9.0, 25.0),
    SpamLevel.MEDIUM: (6.0, 15.0),
    SpamLevel.HIGH: (4.0, 10.0),
}


def _score(label: StrPromise, default: float) -> models.FloatField[float, float]:
    checks = [MinValueValidator(1), MaxValueValidator(MAX_SCORE)]
    return models.FloatField(label, default=default, validators=checks)


class SpamRule(models.Model):
    """What is spam for an organization and what becomes of it; without a row the defaults.

    spam_score, refuse_score: Rspamd's scores, which count with SpamLevel.OWN alone (see
    `scores`). action: for spam below the score that is refused.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="spam_rule"
    )
    level = models.CharField(
        _("level"), max_length=8, choices=SpamLevel.choices, default=SpamLevel.MEDIUM
    )
    spam_score = _score(_("spam from score"), SCORES[SpamLevel.MEDIUM][0])
    refuse_score = _score(_("refused from score"), SCORES[SpamLevel.MEDIUM][1])
    action = models.CharField(
        _("what becomes of spam"),
        max_length=8,
        choices=SpamAction.choices,
        default=SpamAction.JUNK,
    )
    subject_tag = models.CharField(_("mark in the subject"), max_length=32, default="[SPAM]")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("anti-spam rules")
        verbose_name_plural = _("anti-spam rules")

    def __str__(self) -> str:
        return str(_("anti-spam rules"))

    @property
    def scores(self) -> tuple[float, float]:
        """From which score a message is spam, and from which it is refused."""
        return SCORES.get(SpamLevel(self.level), (self.spam_score, self.refuse_score))

    def clean(self) -> None:
        if self.refuse_score < self.spam_score:
            raise ValidationError(
                {"refuse_score": _("Refuse from the same score on as spam, or from a higher one.")}
            )


class SpamListEntry(models.Model):
    """Whose mail an organization always or never takes.

    value: an address, a domain (its subdomains too) or a range of IP addresses, in small
    letters.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="spam_list"
    )
    listed_as = models.CharField(_("list"), max_length=8, choices=ListedAs.choices)
    kind = models.CharField(_("kind"), max_length=8, choices=ListedKind.choices)
    value = models.CharField(_("entry"), max_length=ADDRESS_MAX_LENGTH)
    note = models.CharField(_("remark"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of the anti-spam lists")
        verbose_name_plural = _("entries of the anti-spam lists")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "value"], name="spam_list_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        check = {
            ListedKind.ADDRESS: validate_address,
            ListedKind.DOMAIN: validate_domain_name,
            ListedKind.IP: AddressRange.parse,
        }[ListedKind(self.kind)]
        try:
            check(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from None
