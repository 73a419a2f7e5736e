from django.db import models

from accounts.models.account import Account
from orgs.models import ProviderNotice


class NoticeReading(models.Model):
    """That an account has opened a provider notice."""

    notice = models.ForeignKey(ProviderNotice, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notice_readings")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "reader"], name="notice_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.notice_id}"
