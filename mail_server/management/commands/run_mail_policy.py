import asyncio
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail_server.plane.policy_service import PolicyService

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Answer Postfix who may send what to whom."

    def handle(self, *args: object, **options: object) -> None:
        port = settings.MAIL_PLANE_PORTS["policy"]
        try:
            asyncio.run(serve(port))
        except OSError as error:
            raise CommandError(
                f"The policy service cannot listen on {HOST}:{port}: {error.strerror}. "
                "Set MAIL_PLANE_POLICY_PORT to a free one."
            ) from error


async def serve(port: int) -> None:
    service = PolicyService(HOST, port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await service.start()
    await stop.wait()
    await service.close()
