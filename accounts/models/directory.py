from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.address import Address
from orgs.models import Department, Organization


class Directory(models.Model):
    """The directory of an organization (manual, 5.1); without a row it is on."""

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="directory"
    )
    is_on = models.BooleanField(_("shown to members"), default=True)

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")

    def __str__(self) -> str:
        return str(self.organization)


class DirectoryEntry(models.Model):
    """How an account is shown; without a row visible, with its primary address.

    address: one of its own; None for the primary one.
    """

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="directory_entry"
    )
    address = models.ForeignKey(Address, null=True, on_delete=models.SET_NULL, related_name="+")
    is_visible = models.BooleanField(_("visible"), default=True)

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")

    def __str__(self) -> str:
        return str(self.account)


class ClosedDepartment(models.Model):
    """That members of a department, or below it, are shown to one another only."""

    department = models.OneToOneField(
        Department, primary_key=True, on_delete=models.CASCADE, related_name="closed"
    )

    class Meta:
        verbose_name = _("closed department")
        verbose_name_plural = _("closed departments")

    def __str__(self) -> str:
        return str(self.department)
