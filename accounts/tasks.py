from celery import shared_task


@shared_task
def disable_thawed_accounts() -> None:
    from accounts.services.status import disable_thawed

    disable_thawed()
