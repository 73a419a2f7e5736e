from celery import shared_task

from mail_server.stores.base import StoreUnavailable


@shared_task
def make_partitions() -> None:
    from mail_server.services import partitions

    partitions.make_partitions()


@shared_task
def drop_old_scans() -> None:
    from mail_server.services import scans

    scans.drop_old_scans()


@shared_task(autoretry_for=(StoreUnavailable,), retry_backoff=True, max_retries=8)
def end_client_sessions(account_ids: list[int]) -> None:
    from mail_server.services import client_sessions

    client_sessions.end_client_sessions(account_ids=account_ids)


@shared_task
def end_refused_sessions() -> None:
    from django.conf import settings

    from mail_server.services import client_sessions

    if settings.MAIL_STORE == "dovecot":
        client_sessions.end_refused_sessions()
