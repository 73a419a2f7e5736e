"""Long work: its kinds, asking for it, stopping it, having it go on.

A kind of job registers a step: a function that does the next chunk and returns whether
there is more. `job_runner` runs each step in one transaction together with the job's
progress, so a worker killed at any moment has either done a chunk and counted it, or
neither. Effects outside the database (a delivered mail) must be harmless when repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from admin_platform import audit
from admin_platform.models import Job
from admin_platform.operator import Operator
from admin_platform.scopes import scoped

logger = logging.getLogger(__name__)

Step = Callable[[Job], bool]

# When the sweeper calls for a worker where the first call has not been heard.
FIRST_CALL = timedelta(seconds=10)


class JobRefused(Exception):
    """The job cannot go on, for a reason that its owner can read."""


class JobStopped(Exception):
    """Raised by a long step that has seen is_cancel_requested: undo it, the job is cancelled."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """label: what the work is called. url_name: the page that shows one job (takes its pk)."""

    code: str
    label: str | Promise
    step: Step
    # Who may, held for the whole organization, see and stop others' jobs of this kind.
    function: str = ""
    url_name: str = ""


_kinds: dict[str, JobKind] = {}


def register_kind(kind: JobKind) -> None:
    _kinds[kind.code] = kind


def kind_of(job: Job) -> JobKind:
    return _kinds[job.kind]


def is_known(kind: str) -> bool:
    return kind in _kinds


def kinds() -> list[JobKind]:
    return list(_kinds.values())


def enqueue(
    kind: str,
    *,
    actor: Operator,
    params: dict[str, Any] | None = None,
    total: int = 0,
    organization_id: int | None = None,
) -> Job:
    """Write a job into the transaction at hand; workers are woken when it commits."""
    if kind not in _kinds:
        raise LookupError(f"The job kind {kind!r} is not registered.")
    job = Job.objects.create(
        kind=kind,
        organization_id=organization_id or actor.organization_id,
        owner_id=actor.account_id,
        owner_name=actor.name,
        owner_ip=actor.ip,
        language=get_language() or "",
        params=params or {},
        total=total,
        lease_until=timezone.now() + FIRST_CALL,
    )
    wake(job.pk)
    return job


def wake(job_id: int) -> None:
    """Tell the workers of a job on commit. A lost call is made up by the sweeper."""
    from admin_platform.tasks import run_job

    def send() -> None:
        try:
            run_job.apply_async((job_id,), retry=False)
        except Exception:  # the broker may be away; the row is what counts
            logger.warning("Could not wake a worker for job %s", job_id, exc_info=True)

    transaction.on_commit(send)


@transaction.atomic
def cancel(*, job: Job, actor: Operator) -> bool:
    """Stop a job after its present chunk; what was done stays done. False if it had ended."""
    jobs = Job.objects.filter(pk=job.pk)
    waiting = jobs.filter(state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, cancel_requested=True, finished_at=timezone.now()
    )
    asked = waiting or jobs.filter(state=Job.State.RUNNING, cancel_requested=False).update(
        cancel_requested=True
    )
    if not asked:
        return False
    _record("job.cancelled", job, actor)
    return True


@transaction.atomic
def resume(*, job: Job, actor: Operator) -> bool:
    """Have a failed or cancelled job go on where it stopped. False if it is neither."""
    resumed = Job.objects.filter(pk=job.pk, state__in=Job.STOPPED).update(
        state=Job.State.QUEUED,
        cancel_requested=False,
        error="",
        attempts=0,
        finished_at=None,
        lease_until=timezone.now() + FIRST_CALL,
    )
    if not resumed:
        return False
    _record("job.resumed", job, actor)
    wake(job.pk)
    return True


def is_cancel_requested(job: Job) -> bool:
    """For steps that do much at once: whether to raise JobStopped between two parts."""
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def _record(action: str, job: Job, actor: Operator) -> None:
    after = {"kind": job.kind, "owner": job.owner_name, "done": job.done, "total": job.total}
    audit.record(action, actor=actor, target=job, after=after)


@scoped(Job)
def jobs_in_scope(queryset: QuerySet[Job], operator: Operator) -> QuerySet[Job]:
    """One's own, and all of the kinds whose function one holds for the whole organization."""
    overseen = [
        kind.code
        for kind in _kinds.values()
        if kind.function and operator.can_everywhere(kind.function)
    ]
    own = Q(owner_id=operator.account_id) & Q(owner_id__isnull=False)
    return queryset.filter(own | Q(kind__in=overseen), organization_id=operator.organization_id)
