from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.account import Account
from orgs.models import Department, Organization


class Role(models.Model):
    """A set of functions (manual, 8.1). Preset roles belong to no organization.

    code: names a preset role (`accounts.presets`); empty for an organization's own.
    """

    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="roles",
    )
    code = models.CharField(max_length=32, blank=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=64)
    description = models.CharField(_("description"), max_length=200, blank=True)
    functions = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["organization_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="role_preset_code"
            ),
            models.UniqueConstraint(fields=["organization", "name"], name="role_name"),
            models.CheckConstraint(
                name="role_preset_or_own",
                condition=Q(organization=None) & ~Q(code="")
                | Q(organization__isnull=False, code=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, for preset roles."""
        from accounts.presets import PRESETS

        return str(PRESETS[self.code].label) if self.code in PRESETS else self.name

    @property
    def about(self) -> str:
        """The description, for preset roles in the reader's language."""
        from accounts.presets import PRESETS

        return str(PRESETS[self.code].description) if self.code in PRESETS else self.description

    @property
    def is_preset(self) -> bool:
        return self.organization_id is None


class Grant(models.Model):
    """A role given to a member within departments; the root means the whole organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="grants")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    departments = models.ManyToManyField(Department, related_name="grants")
    granted_by_name = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")

    def __str__(self) -> str:
        return f"{self.account} – {self.role}"
