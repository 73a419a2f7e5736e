"""Long work: asking for it, doing it in chunks, cancelling it, taking up what was left.

A kind of job registers a step: a function that does the next chunk and returns
whether there is more. Each step runs in one transaction together with the job's
progress, so a worker killed at any moment has either done a chunk and counted it, or
neither. Effects outside the database (a delivered mail) must be harmless when repeated.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from admin_platform.models import Job
from admin_platform.operator import Operator

logger = logging.getLogger(__name__)

Step = Callable[[Job], bool]

# Longer than any chunk may take; what a killed worker held is taken up after this.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 20
# The first key of our advisory locks on jobs.
JOB_LOCK = 7301
# What a step may change.
PROGRESS_FIELDS = ("total", "done", "failed", "params", "result")


class JobRefused(Exception):
    """The job cannot go on, for a reason that its owner can read."""


@dataclass(frozen=True, slots=True)
class JobKind:
    code: str
    label: str | Promise
    step: Step
    # Who may see and cancel jobs of this kind; empty: the owner alone.
    function: str = ""
    # The page that shows one job (a URL name that takes its pk).
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
        params=params or {},
        total=total,
    )
    wake(job.pk)
    return job


def wake(job_id: int) -> None:
    """Tell the workers of a job on commit. A lost call is made up by the sweeper."""
    from admin_platform.tasks import run_job

    def send() -> None:
        try:
            run_job.delay(job_id)
        except Exception:  # the broker may be away; the row is what counts
            logger.exception("Could not wake a worker for job %s", job_id)

    transaction.on_commit(send)


def request_cancel(job: Job) -> None:
    """Ask a job to stop after its present chunk; what was done stays done."""
    Job.objects.filter(pk=job.pk, state__in=Job.UNFINISHED).update(cancel_requested=True)
    wake(job.pk)


def run(job_id: int) -> None:
    """Claim a job and work on it to its end. Returns at once when another worker has it."""
    lease = _claim(job_id)
    if lease is None:
        return
    try:
        while _step(job_id, lease):
            pass
    except JobRefused as refusal:
        _finish(job_id, lease, Job.State.FAILED, str(refusal))
    except Exception:
        logger.exception("Job %s failed", job_id)
        _finish(job_id, lease, Job.State.FAILED, _("An internal error stopped this job."))


def _claim(job_id: int) -> uuid.UUID | None:
    now, lease = timezone.now(), uuid.uuid4()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(free, pk=job_id).first()
        if job is None:
            return None
        job.state, job.lease, job.lease_until = Job.State.RUNNING, lease, now + LEASE
        job.started_at = job.started_at or now
        job.attempts += 1
        job.save(update_fields=["state", "lease", "lease_until", "started_at", "attempts"])
    if job.attempts > MAX_ATTEMPTS:
        _finish(job_id, lease, Job.State.FAILED, _("This job was interrupted too often."))
        return None
    return lease


def _step(job_id: int, lease: uuid.UUID) -> bool:
    with transaction.atomic():
        # A lock beside the row, not on it: who asks to cancel must not wait for the chunk.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [JOB_LOCK, job_id])
        job = Job.objects.filter(pk=job_id, lease=lease).first()
        if job is None:  # another worker took it up after our lease ran out
            return False
        if job.cancel_requested:
            more, state = False, Job.State.CANCELLED
        else:
            more, state = kind_of(job).step(job), Job.State.SUCCEEDED
        progress = {name: getattr(job, name) for name in PROGRESS_FIELDS}
        if not more:
            progress |= {"state": state, "finished_at": timezone.now(), "lease": None}
        kept = Job.objects.filter(pk=job_id, lease=lease).update(
            lease_until=timezone.now() + LEASE, **progress
        )
        if not kept:
            transaction.set_rollback(True)
    return bool(kept and more)


def _finish(job_id: int, lease: uuid.UUID, state: Job.State, error: str) -> None:
    Job.objects.filter(pk=job_id, lease=lease).update(
        state=state, error=error, finished_at=timezone.now(), lease=None
    )


def sweep() -> int:
    """Wake a worker for every job that waits or whose worker is gone; how many."""
    now = timezone.now()
    waiting = Job.objects.filter(
        Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=5))
        | Q(state=Job.State.RUNNING, lease_until__lt=now)
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:200])
    for job_id in ids:
        wake(job_id)
    return len(ids)
