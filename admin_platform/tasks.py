from celery import shared_task


@shared_task
def run_job(job_id: int) -> None:
    from admin_platform import job_runner

    job_runner.run(job_id)


@shared_task
def sweep_jobs() -> None:
    from admin_platform import job_runner

    job_runner.sweep()


@shared_task
def seal_audit() -> None:
    from admin_platform import audit_chain

    audit_chain.seal_records()


@shared_task
def check_audit() -> None:
    from admin_platform import audit_chain

    audit_chain.check()
