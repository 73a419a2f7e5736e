import asyncio
import signal
from contextlib import closing

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail_server.plane.policy_service import PolicyService
from mail_server.plane.sign_in_listener import SignInListener

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Answer Postfix who may send what to whom, and Dovecot who signs in."

    def handle(self, *args: object, **options: object) -> None:
        ports = settings.MAIL_PLANE_PORTS
        try:
            asyncio.run(serve(policy_port=ports["policy"], sign_in_port=ports["sign_in"]))
        except OSError as error:
            raise CommandError(
                f"The mail policy cannot listen on {HOST}, ports {ports['policy']} and "
                f"{ports['sign_in']}: {error.strerror}. "
                "Set MAIL_PLANE_POLICY_PORT or MAIL_PLANE_SIGN_IN_PORT to free ones."
            ) from error


async def serve(*, policy_port: int, sign_in_port: int) -> None:
    service = PolicyService(HOST, policy_port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with closing(SignInListener(HOST, sign_in_port)) as listener:
        await service.start()
        listener.start()
        await stop.wait()
        await service.close()
