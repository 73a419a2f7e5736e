import logging
import signal
from argparse import ArgumentParser
from pathlib import Path
from threading import Event
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import Error as DatabaseError

from mail_server.services.mail_log import forget_finished, read_on
from mail_server.services.scan_events import join_verdicts

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
FORGET_EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Follow the log of Postfix and write down what happens to each message."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=settings.MAIL_PLANE_STATE_DIR / "log" / "mail.log",
        )

    def handle(self, *args: object, **options: object) -> None:
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        follow(Path(str(options["path"])).resolve(), stop)


def follow(path: Path, stop: Event) -> None:
    """Read until told to stop; a lost database, or a log that cannot be read, is waited for."""
    forgotten_at = 0.0
    while not stop.is_set():
        try:
            close_old_connections()
            has_more = read_on(path)
            has_more = bool(join_verdicts()) or has_more
            if not has_more and monotonic() - forgotten_at > FORGET_EVERY_SECONDS:
                forget_finished()
                forgotten_at = monotonic()
        except (DatabaseError, OSError):
            logger.exception("The log could not be read; trying again")
            has_more = False
        if not has_more:
            stop.wait(POLL_SECONDS)
