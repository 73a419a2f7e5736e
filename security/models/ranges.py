from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from security.ranges import AddressRange


def _family(end: str) -> Func:
    return Func(F(end), function="family", output_field=models.IntegerField())


class RangeModel(models.Model):
    """A range of addresses, both ends included and of one family."""

    first = models.GenericIPAddressField(_("first address"))
    last = models.GenericIPAddressField(_("last address"))
    note = models.CharField(_("remark"), max_length=100, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_in_order",
                condition=Q(first__lte=F("last")) & Q(Exact(_family("first"), _family("last"))),
            )
        ]

    def __str__(self) -> str:
        return str(self.range)

    @property
    def range(self) -> AddressRange:
        return AddressRange.parse(f"{self.first}-{self.last}")
