from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import AddressKind
from accounts.models.account import Account
from accounts.validators import (
    ADDRESS_MAX_LENGTH,
    LOCAL_PART_MAX_LENGTH,
    validate_local_part,
)
from orgs.models import Domain


class Address(models.Model):
    """Every address that exists inside: primary, alias or list. One row, one meaning.

    account: whose primary address or alias it is; None for a list.
    """

    address = models.CharField(_("address"), max_length=ADDRESS_MAX_LENGTH, unique=True)
    local_part = models.CharField(
        _("local part"),
        max_length=LOCAL_PART_MAX_LENGTH,
        validators=[validate_local_part],
    )
    domain = models.ForeignKey(
        Domain,
        verbose_name=_("domain"),
        on_delete=models.PROTECT,
        related_name="addresses",
    )
    kind = models.CharField(max_length=16, choices=AddressKind.choices)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="addresses"
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.CheckConstraint(
                name="address_account_unless_list",
                condition=Q(kind=AddressKind.LIST, account=None)
                | (~Q(kind=AddressKind.LIST) & Q(account__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(kind=AddressKind.PRIMARY),
                name="address_one_primary",
            ),
        ]
        indexes = [
            GinIndex(
                OpClass("address", name="gin_trgm_ops"),
                condition=Q(kind=AddressKind.ALIAS),
                name="address_alias_search",
            ),
        ]

    def __str__(self) -> str:
        return self.address
