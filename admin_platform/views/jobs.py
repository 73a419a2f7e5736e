"""Long work under way and done: the operator's own, and what they oversee."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_platform import jobs
from admin_platform.htmx import STOP_POLLING, go_to, render_page, wants_part
from admin_platform.http import ConsoleRequest
from admin_platform.models import Job
from admin_platform.permissions import console_only

JOBS_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class JobLine:
    job: Job
    label: str | Promise
    url: str


def line_of(job: Job) -> JobLine:
    if not jobs.is_known(job.kind):
        return JobLine(job, job.kind, reverse("job-detail", args=[job.pk]))
    kind = jobs.kind_of(job)
    return JobLine(job, kind.label, reverse(kind.url_name or "job-detail", args=[job.pk]))


@console_only
@require_GET
def job_list(request: ConsoleRequest) -> HttpResponse:
    found = request.operator.scope(Job.objects.all()).order_by("-pk")
    page = Paginator(found, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    lines = [line_of(job) for job in page.object_list]
    running = any(not line.job.is_finished for line in lines)
    context = {"page": page, "lines": lines, "running": running}
    return render_page(request, "console/job_list.html", context, part="rows")


@console_only
@require_GET
def job_detail(request: ConsoleRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(request.operator.scope(Job.objects.all()), pk=pk)
    status = STOP_POLLING if job.is_finished and wants_part(request) else 200
    context = {"job": job, "label": line_of(job).label}
    return render_page(request, "console/job_detail.html", context, part="job", status=status)


@console_only
@require_POST
def job_cancel(request: ConsoleRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(request.operator.scope(Job.objects.all()), pk=pk)
    if not jobs.cancel(job=job, actor=request.operator):
        messages.info(request, _("This work has ended already or is being stopped."))
    return go_to(request, line_of(job).url)


@console_only
@require_POST
def job_resume(request: ConsoleRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(request.operator.scope(Job.objects.all()), pk=pk)
    if not jobs.resume(job=job, actor=request.operator):
        messages.info(request, _("This work goes on already or is finished."))
    return go_to(request, line_of(job).url)
