"""What needs doing, on the home page (manual, 3③). Each app says what it knows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from admin_platform.http import ConsoleRequest
from admin_platform.jobs import JobKind, is_known, kind_of
from admin_platform.models import Job

# In the order in which they are shown.
SEVERITIES = ("bad", "mid", "low")


@dataclass(frozen=True, slots=True)
class Reminder:
    """severity: bad (mail is lost or refused), mid (soon), low (worth knowing)."""

    severity: str
    icon: str
    text: str | Promise
    detail: str | Promise = ""
    url: str = ""
    action: str | Promise = ""


Provider = Callable[[ConsoleRequest], Iterable[Reminder]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    _providers.append(provider)
    return provider


def reminders_for(request: ConsoleRequest) -> list[Reminder]:
    found = [reminder for provider in _providers for reminder in provider(request)]
    return sorted(found, key=lambda reminder: SEVERITIES.index(reminder.severity))


FINISHED_JOBS_SHOWN_FOR = timedelta(days=1)
SHOWN_JOBS = 5


@register
def own_jobs(request: ConsoleRequest) -> list[Reminder]:
    """Long work of the operator's own that runs, or ended within a day."""
    recent = Q(finished_at=None) | Q(finished_at__gt=timezone.now() - FINISHED_JOBS_SHOWN_FOR)
    jobs = Job.objects.filter(
        recent, owner_id=request.operator.account_id, organization_id=request.user.organization_id
    ).exclude(state=Job.State.CANCELLED)
    shown = jobs.order_by("-pk")[:SHOWN_JOBS]
    return [_of_job(job, kind_of(job)) for job in shown if is_known(job.kind)]


def _of_job(job: Job, kind: JobKind) -> Reminder:
    url = reverse(kind.url_name, args=[job.pk]) if kind.url_name else ""
    numbers = {"done": job.done, "failed": job.failed, "total": job.total}
    if job.state == Job.State.FAILED:
        severity, icon, text, detail = "bad", "error", _("%(work)s failed"), job.error
    elif not job.is_finished:
        severity, icon, text = "low", "clock", _("%(work)s is under way")
        detail = _("%(done)s of %(total)s done") % numbers
    else:
        severity, icon = ("mid", "alert") if job.failed else ("low", "ok")
        text = _("%(work)s is finished")
        detail = _("%(done)s done, %(failed)s failed") % numbers
    return Reminder(severity, icon, text % {"work": kind.label}, detail, url, _("View"))
