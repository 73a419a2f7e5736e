from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from orgs.models import Organization
from security.choices import IpAction
from security.models.ranges import RangeModel


class IpPolicy(models.Model):
    """A member's own rules, which stand in for the default ones altogether (manual, 9.2.1).

    elsewhere: what holds for an address that none of the member's ranges names.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    account = models.OneToOneField(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="ip_policy"
    )
    elsewhere = models.CharField(_("elsewhere"), max_length=8, choices=IpAction.choices)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("member rule")
        verbose_name_plural = _("member rules")
        indexes = [
            models.Index(fields=["organization", "-changed_at", "-id"], name="ippolicy_by_change")
        ]

    def __str__(self) -> str:
        return str(self.account)


class IpRule(RangeModel):
    """A range from which one may or may not sign in.

    policy: the member whose rule it is; None for a default rule, which holds for every
    member of the organization without own ones. The most specific range that has an
    address decides, and of two alike the one that denies. Where none has it, a policy
    says so itself (elsewhere), and the default rules deny as soon as one of them allows
    some range: to allow the office means to allow only the office.
    size: the number of addresses, kept by save(); SQL's `last - first` ends at 2^63.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="ip_rules"
    )
    policy = models.ForeignKey(IpPolicy, null=True, on_delete=models.CASCADE, related_name="rules")
    action = models.CharField(_("action"), max_length=8, choices=IpAction.choices)
    size = models.DecimalField(max_digits=39, decimal_places=0, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta(RangeModel.Meta):
        verbose_name = _("IP rule")
        verbose_name_plural = _("IP rules")
        constraints = [
            *RangeModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "first", "last"],
                condition=Q(policy=None),
                name="iprule_default_once",
            ),
            models.UniqueConstraint(fields=["policy", "first", "last"], name="iprule_member_once"),
        ]

    def save(self, **options: Any) -> None:
        self.size = self.range.size
        super().save(**options)
