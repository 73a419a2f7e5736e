import asyncio
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail_server.embedded.server import MailServer


class Command(BaseCommand):
    help = "Run the embedded mail server: incoming SMTP, submission, delivery."

    def handle(self, *args: object, **options: object) -> None:
        try:
            asyncio.run(serve())
        except OSError as error:
            raise CommandError(
                f"The mail server cannot listen on {settings.SMTP_HOST}, ports "
                f"{settings.SMTP_PORT} and {settings.SUBMISSION_PORT}: {error.strerror}. "
                "Set SMTP_PORT or SUBMISSION_PORT to free ones."
            ) from error


async def serve() -> None:
    server = MailServer(settings.SMTP_HOST, settings.SMTP_PORT, settings.SUBMISSION_PORT)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await server.start()
    await server.run(stop)
    await server.close()
