import asyncio
import signal
from contextlib import closing

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail_server.plane.policy_service import PolicyService
from mail_server.plane.sender_table import SenderTable
from mail_server.plane.sign_in_listener import SignInListener

NAMES = ("policy", "senders", "sign_in")


class Command(BaseCommand):
    help = "Answer Postfix who may send what to whom, and Dovecot who signs in."

    def handle(self, *args: object, **options: object) -> None:
        ports = {name: settings.MAIL_PLANE_PORTS[name] for name in NAMES}
        try:
            asyncio.run(serve(**ports))
        except OSError as error:
            taken = ", ".join(f"MAIL_PLANE_{name.upper()}_PORT {n}" for name, n in ports.items())
            raise CommandError(
                f"The mail policy cannot listen on {settings.MAIL_PLANE_INSIDE}, {taken}: "
                f"{error.strerror}. Set MAIL_PLANE_INSIDE to an address of this host, and the "
                "ports to free ones."
            ) from error


async def serve(*, policy: int, senders: int, sign_in: int) -> None:
    """On these ports."""
    host = settings.MAIL_PLANE_INSIDE
    services = (PolicyService(host, policy), SenderTable(host, senders))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with closing(SignInListener(host, sign_in)) as listener:
        for service in services:
            await service.start()
        listener.start()
        await stop.wait()
        for service in services:
            await service.close()
