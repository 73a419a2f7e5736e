"""A worker process without a broker that does the jobs of imports, few rows at a time."""

import sys
import time

import django

django.setup()

from accounts.services import import_check  # noqa: E402
from admin_platform import job_runner  # noqa: E402
from admin_platform.models import Job  # noqa: E402


def work() -> None:
    import_check.ROWS_PER_STEP = int(sys.argv[1])
    while left := list(Job.objects.filter(state__in=Job.UNFINISHED).values_list("pk", flat=True)):
        for job_id in left:
            job_runner.run(job_id)
        time.sleep(0.02)


if __name__ == "__main__":
    work()
