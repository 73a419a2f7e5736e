import asyncio
import signal
from contextlib import closing
from socket import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail_server.plane.policy_service import PolicyService
from mail_server.plane.sender_table import SenderTable
from mail_server.plane.sign_in_listener import SignInListener
from mail_server.plane.sockets import start_anew

NAMES = ("policy", "senders", "sign_in")


class Command(BaseCommand):
    help = "Answer Postfix who may send what to whom, and Dovecot who signs in."

    def handle(self, *args: object, **options: object) -> None:
        ports = {name: settings.MAIL_PLANE_PORTS[name] for name in NAMES}
        try:
            kept = asyncio.run(serve(**ports))
        except OSError as error:
            taken = ", ".join(f"MAIL_PLANE_{name.upper()}_PORT {n}" for name, n in ports.items())
            raise CommandError(
                f"The mail policy cannot listen on {settings.MAIL_PLANE_INSIDE}, {taken}: "
                f"{error.strerror}. Set MAIL_PLANE_INSIDE to an address of this host, and the "
                "ports to free ones."
            ) from error
        if kept:
            start_anew(kept)


async def serve(*, policy: int, senders: int, sign_in: int) -> list[socket]:
    """On these ports. What listens to go on with, where SIGHUP asked to start anew."""
    host = settings.MAIL_PLANE_INSIDE
    answers, table = PolicyService(host, policy), SenderTable(host, senders)
    received: set[signal.Signals] = set()
    stop = asyncio.Event()

    def end(name: signal.Signals) -> None:
        received.add(name)
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, end, name)
    with closing(SignInListener(host, sign_in, metrics=answers.metrics)) as listener:
        await answers.start()
        await table.start()
        listener.start()
        await stop.wait()
        kept = [*answers.kept(), *table.kept(), *listener.kept()]
        await answers.close()
        await table.close()
    return kept if received == {signal.SIGHUP} else []
