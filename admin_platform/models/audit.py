from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditRecord(models.Model):
    """One change by somebody, as it was told to the service that made it.

    Written in the transaction of the change; a trigger refuses UPDATE, DELETE and
    TRUNCATE (manual, 7.1: records cannot be altered or deleted). Names are copied, for
    their objects may be gone when the record is read. Ids are plain numbers: a record
    outlives what it speaks of.
    """

    at = models.DateTimeField(_("time"), default=timezone.now)
    action = models.CharField(_("action"), max_length=64)
    organization_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("administrator"), max_length=320)
    target_type = models.CharField(max_length=64, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(_("object"), max_length=320, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    batch = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("administrator log record")
        verbose_name_plural = _("administrator log")
        indexes = [
            models.Index(fields=["organization_id", "-at", "-id"], name="audit_by_time"),
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.action} {self.target_name}"


class AuditSeal(models.Model):
    """The seal of one record: a link of the chain that proves the log (admin_platform.audit_chain).

    digest: SHA-256, in hexadecimal, of the seal before this one and the record. Append-only
    by trigger, as the log itself.
    """

    record_id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("seal of the administrator log")
        verbose_name_plural = _("seals of the administrator log")

    def __str__(self) -> str:
        return f"{self.record_id}:{self.digest}"


class AuditCheck(models.Model):
    """What a run over the whole chain found. fault: "" where all was in order; else
    record_id is the first record that was not. Append-only as well."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    checked = models.BigIntegerField()
    head = models.CharField(max_length=96, blank=True)
    fault = models.CharField(max_length=16, blank=True)
    record_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("check of the administrator log")
        verbose_name_plural = _("checks of the administrator log")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.checked} {self.fault}"
