from celery import shared_task


@shared_task
def run_job(job_id: int) -> None:
    from admin_platform import jobs

    jobs.run(job_id)


@shared_task
def sweep_jobs() -> None:
    from admin_platform import jobs

    jobs.sweep()
