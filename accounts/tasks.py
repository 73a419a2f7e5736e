from celery import shared_task


@shared_task
def disable_thawed_accounts() -> None:
    from accounts.services.status import disable_thawed

    disable_thawed()


@shared_task
def tidy_imports() -> None:
    from accounts.services import imports

    imports.tidy_imports()


@shared_task
def purge_deleted_accounts() -> None:
    from accounts.services.purge import purge_expired

    purge_expired()
