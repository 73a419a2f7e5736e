from celery import shared_task


@shared_task
def make_partitions() -> None:
    from mail_server.services import partitions

    partitions.make_partitions()


@shared_task
def drop_old_scans() -> None:
    from mail_server.services import scans

    scans.drop_old_scans()
