from celery import shared_task


@shared_task
def make_partitions() -> None:
    from mail_server.services import partitions

    partitions.make_partitions()
