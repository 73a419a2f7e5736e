"""Kinds of jobs that tests work on; also a worker process without a broker.

python -m tests.platform.job_kinds          works until nothing is left to do
"""

import os
import time

from admin_platform.jobs import JobKind
from admin_platform.models import Job

CHUNK = 5


def make_notices(job: Job) -> bool:
    """Make `total` notices, a few a step; params may ask for pauses and failures."""
    from orgs.models import ProviderNotice

    if job.done == job.params.get("fail_at"):
        raise RuntimeError("as asked")
    if job.done == job.params.get("die_at"):
        os.kill(os.getpid(), 9)
    chunk = range(job.done, min(job.done + CHUNK, job.total))
    for number in chunk:
        ProviderNotice.objects.create(title=f"{job.pk}-{number}")
        time.sleep(job.params.get("pause", 0) / CHUNK)
    job.done += len(chunk)
    return job.done < job.total


KIND = JobKind("test.notices", "Notices", make_notices)
