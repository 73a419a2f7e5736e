"""Jobs and the administrator log on the provider's pages."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from admin_platform import audit, jobs
from admin_platform.models import AuditRecord, Job
from admin_platform.staff import ReadOnlyStaffAdmin, staff_operator


@admin.register(Job)
class JobAdmin(ReadOnlyStaffAdmin[Job]):
    list_display = (
        "id",
        "label",
        "state",
        "organization_id",
        "owner_name",
        "done",
        "failed",
        "total",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "kind")
    search_fields = ("=id", "owner_name", "kind")
    ordering = ("-id",)
    actions = ("stop", "go_on")
    exclude = ("lease",)

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, job: Job) -> str:
        return str(jobs.kind_of(job).label) if jobs.is_known(job.kind) else job.kind

    @admin.action(description=_("Stop the selected jobs"))
    def stop(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        actor = staff_operator(request)
        stopped = sum(jobs.cancel(job=job, actor=actor) for job in queryset)
        text = ngettext("Stopped one job.", "Stopped %(n)d jobs.", stopped)
        self._tell(request, text % {"n": stopped}, stopped)

    @admin.action(description=_("Have the selected jobs go on"))
    def go_on(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        actor = staff_operator(request)
        resumed = sum(jobs.resume(job=job, actor=actor) for job in queryset)
        text = ngettext("One job goes on.", "%(n)d jobs go on.", resumed)
        self._tell(request, text % {"n": resumed}, resumed)

    def _tell(self, request: HttpRequest, text: str, number: int) -> None:
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyStaffAdmin[AuditRecord]):
    """Read-only here, and in the database."""

    list_display = ("at", "actor_name", "sentence", "organization_id", "ip")
    list_filter = ("action",)
    search_fields = ("=organization_id", "actor_name", "target_name")
    search_help_text = _("Number of the organization, administrator or object")
    ordering = ("-id",)

    @admin.display(description=_("action"))
    def sentence(self, record: AuditRecord) -> str:
        return audit.sentence(record)
