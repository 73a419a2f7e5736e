from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Long work that somebody asked for: its state, its progress, who holds it now.

    A worker holds a job by a lease that it renews with every chunk; a sweeper gives a
    job whose lease has run out to the next worker. Of a job that waits, lease_until says
    when the sweeper calls for a worker again. attempts: how often it was taken up since
    its last chunk. `done` and `failed` count items of `total` (0: not known yet).
    `params` is what was asked, `result` what came out; neither holds a secret in the
    clear. owner_ip, language: of whoever asked, for records and texts.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Finished")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNFINISHED = (State.QUEUED, State.RUNNING)
    # These can be taken up again where they stopped.
    STOPPED = (State.FAILED, State.CANCELLED)

    kind = models.CharField(_("kind"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED)
    organization_id = models.BigIntegerField(_("organization"), null=True)
    owner_id = models.BigIntegerField(_("owner"), null=True)
    owner_name = models.CharField(_("owner"), max_length=320, blank=True)
    owner_ip = models.GenericIPAddressField(_("IP address"), null=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    params = models.JSONField(_("parameters"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)
    total = models.PositiveIntegerField(_("total"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="job_unfinished",
                condition=models.Q(state__in=("queued", "running")),
            ),
            models.Index(fields=["organization_id", "kind", "-id"], name="job_organization"),
            models.Index(fields=["owner_id", "-id"], name="job_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def is_stopped(self) -> bool:
        return self.state in self.STOPPED

    @property
    def handled(self) -> int:
        return self.done + self.failed

    @property
    def waiting(self) -> int:
        return max(0, self.total - self.handled)

    @property
    def percent(self) -> int:
        return min(100, self.handled * 100 // self.total) if self.total else 0
