from celery import shared_task


@shared_task
def warn_of_expiry() -> None:
    from security.services import password_expiry

    password_expiry.warn_of_expiry()
