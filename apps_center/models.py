from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account


class BackupRule(models.Model):
    """That all mail of one mailbox is copied into another (manual, 10.5).

    Each mailbox is backed up by one main mailbox at most, which may be backed up itself;
    the database refuses circles.
    """

    main = models.ForeignKey(
        Account,
        verbose_name=_("main backup mailbox"),
        on_delete=models.PROTECT,
        related_name="backs_up",
    )
    backed_up = models.OneToOneField(
        Account,
        verbose_name=_("backed-up mailbox"),
        on_delete=models.CASCADE,
        related_name="backed_up_by",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("backup rule")
        verbose_name_plural = _("backup rules")
        constraints = [
            models.CheckConstraint(name="backup_not_of_itself", condition=~Q(main=F("backed_up"))),
        ]

    def __str__(self) -> str:
        return f"{self.backed_up} → {self.main}"
