from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from orgs.models import Department

FREEZE = timedelta(days=7)


class Deletion(models.Model):
    """That an account is deleted and can still be restored (manual, 10.5: for 7 days).

    Its memberships are gone, so that no department counts or lists it; department_ids
    remembers them, the primary one (also `department`) first. heir: into whose mailbox its
    mail is moved, at attached_at; None to lose the mail with the account.
    """

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="deletion"
    )
    department = models.ForeignKey(
        Department, null=True, on_delete=models.SET_NULL, related_name="deletions"
    )
    department_ids = ArrayField(models.BigIntegerField())
    deleted_at = models.DateTimeField(_("deleted at"))
    deleted_by = models.CharField(_("administrator"), max_length=320)
    heir = models.ForeignKey(
        Account, null=True, on_delete=models.SET_NULL, related_name="inheritances"
    )
    attached_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")
        indexes = [models.Index(fields=["-deleted_at", "-account"], name="deletion_by_age")]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def purged_at(self) -> datetime:
        """When the account can no longer be restored."""
        return self.deleted_at + FREEZE

    @property
    def is_attaching(self) -> bool:
        return self.heir_id is not None and self.attached_at is None
