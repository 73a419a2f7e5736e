from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Organization
from orgs.validators import DOMAIN_MAX_LENGTH, validate_domain_name


class Domain(models.Model):
    """A mail domain of an organization, or a further name for one of its domains.

    alias_of: set for a domain alias; ada@alias is then ada@target where that exists.
    """

    class MxState(models.TextChoices):
        UNKNOWN = "unknown", _("Not checked yet")
        VERIFIED = "verified", _("MX verified")
        WRONG = "wrong", _("MX not verified")

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="domains",
    )
    name = models.CharField(
        _("domain"),
        max_length=DOMAIN_MAX_LENGTH,
        unique=True,
        validators=[validate_domain_name],
    )
    alias_of = models.ForeignKey(
        "self",
        verbose_name=_("alias of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="aliases",
    )
    mx_state = models.CharField(
        _("MX state"), max_length=16, choices=MxState.choices, default=MxState.UNKNOWN
    )
    mx_checked_at = models.DateTimeField(_("MX checked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["organization", "alias_of_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="domain_is_not_its_own_alias",
                condition=~models.Q(alias_of=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        target = self.alias_of
        if target is None:
            return
        if target.organization_id != self.organization_id:
            raise ValidationError({"alias_of": _("The domain belongs to another organization.")})
        if target.alias_of_id is not None:
            raise ValidationError({"alias_of": _("The domain is an alias itself.")})
