"""A worker process without a broker: works until nothing is left to do."""

import time

import django

django.setup()

from admin_platform import job_runner  # noqa: E402
from admin_platform.jobs import register_kind  # noqa: E402
from admin_platform.models import Job  # noqa: E402
from tests.platform.job_kinds import KIND  # noqa: E402


def work() -> None:
    register_kind(KIND)
    while left := list(Job.objects.filter(state__in=Job.UNFINISHED).values_list("pk", flat=True)):
        for job_id in left:
            job_runner.run(job_id)
        time.sleep(0.05)


if __name__ == "__main__":
    work()
