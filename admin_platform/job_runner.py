"""Doing jobs: claiming them, one step after another, taking up what a dead worker left.

A worker holds two things: a lease, which it renews with every step and which decides
whose progress counts, and during a step an advisory lock, which PostgreSQL lets go of
when the worker's connection ends. Hence a step may last as long as it likes, and the
lease need only be longer than the pause between two steps.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from admin_platform.jobs import JobRefused, JobStopped, kind_of, wake
from admin_platform.models import Job

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
# After so long a worker lets other jobs have their turn.
TURN_SECONDS = 30
# A job that was taken up so often without finishing a chunk kills its workers.
MAX_ATTEMPTS = 10
CALL_AGAIN = timedelta(seconds=60)
CALLED_AT_ONCE = 200
# The first key of our advisory locks on jobs.
JOB_LOCK = 7301
# What a step may change.
PROGRESS_FIELDS = ("total", "done", "failed", "params", "result")


def run(job_id: int) -> None:
    """Claim a job and work on it, to its end or for a turn. Nothing if another worker has it."""
    lease = _claim(job_id)
    if lease is None:
        return
    until = time.monotonic() + TURN_SECONDS
    try:
        while _step(job_id, lease):
            if time.monotonic() > until:
                _let_go(job_id, lease)
                return
    except JobRefused as refusal:
        _finish(job_id, lease, Job.State.FAILED, str(refusal))
    except JobStopped:
        _finish(job_id, lease, Job.State.CANCELLED)
    except (OperationalError, InterfaceError, ConnectionError):
        # A deadlock, or the database or another server went away: whoever comes next tries
        # again.
        logger.warning("Job %s was interrupted", job_id, exc_info=True)
        connection.close()
    except Exception:
        logger.exception("Job %s failed", job_id)
        with _language_of(job_id):
            error = _("An internal error stopped this job.")
        _finish(job_id, lease, Job.State.FAILED, error)


def _claim(job_id: int) -> uuid.UUID | None:
    now, lease = timezone.now(), uuid.uuid4()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(free, pk=job_id).first()
        if job is None or not _lock(job_id, wait=False):
            return None
        job.state, job.lease, job.lease_until = Job.State.RUNNING, lease, now + LEASE
        job.started_at = job.started_at or now
        job.attempts += 1
        job.save(update_fields=["state", "lease", "lease_until", "started_at", "attempts"])
    if job.attempts > MAX_ATTEMPTS:
        with _language_of(job_id):
            error = _("This job was interrupted too often.")
        _finish(job_id, lease, Job.State.FAILED, error)
        return None
    return lease


def _lock(job_id: int, *, wait: bool) -> bool:
    """The lock of whoever is in a step of the job; held until the transaction ends.

    It lies beside the row, not on it: who asks to cancel must not wait for the chunk.
    """
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [JOB_LOCK, job_id % 2**31])
        return wait or bool(cursor.fetchone()[0])


def _step(job_id: int, lease: uuid.UUID) -> bool:
    with transaction.atomic():
        _lock(job_id, wait=True)
        job = Job.objects.filter(pk=job_id, lease=lease).first()
        if job is None:  # another worker took it up after our lease ran out
            return False
        if job.cancel_requested:
            more, state = False, Job.State.CANCELLED
        else:
            with translation.override(job.language or settings.LANGUAGE_CODE):
                more, state = kind_of(job).step(job), Job.State.SUCCEEDED
        progress = {name: getattr(job, name) for name in PROGRESS_FIELDS} | {"attempts": 0}
        if not more:
            progress |= {"state": state, "finished_at": timezone.now(), "lease": None}
        kept = Job.objects.filter(pk=job_id, lease=lease).update(
            lease_until=timezone.now() + LEASE, **progress
        )
        if not kept:
            transaction.set_rollback(True)
    return bool(kept and more)


def _language_of(job_id: int) -> translation.override:
    language = Job.objects.filter(pk=job_id).values_list("language", flat=True).first()
    return translation.override(language or settings.LANGUAGE_CODE)


def _finish(job_id: int, lease: uuid.UUID, state: Job.State, error: str = "") -> None:
    Job.objects.filter(pk=job_id, lease=lease).update(
        state=state, error=error, finished_at=timezone.now(), lease=None
    )


def _let_go(job_id: int, lease: uuid.UUID) -> None:
    """End of a turn: anybody may go on at once, behind the others in the queue."""
    Job.objects.filter(pk=job_id, lease=lease).update(lease=None, lease_until=timezone.now())
    wake(job_id)


def sweep() -> int:
    """Call for a worker for every job that waits unheard or whose worker is gone; how many."""
    now = timezone.now()
    overdue = Job.objects.filter(state__in=Job.UNFINISHED, lease_until__lt=now)
    ids = list(overdue.order_by("lease_until").values_list("pk", flat=True)[:CALLED_AT_ONCE])
    # With all workers busy, the calls for one job must not pile up.
    Job.objects.filter(pk__in=ids, state=Job.State.QUEUED).update(lease_until=now + CALL_AGAIN)
    for job_id in ids:
        wake(job_id)
    return len(ids)
