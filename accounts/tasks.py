from celery import shared_task


@shared_task
def disable_thawed_accounts() -> None:
    from accounts.services.status import disable_thawed

    disable_thawed()


@shared_task
def tidy_imports() -> None:
    from accounts.services import imports

    imports.tidy_imports()
