from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import ProgrammingError

from mail_server.plane.config import plane_config
from mail_server.plane.rendering import ROLES, make_directories, make_roles, render


class Command(BaseCommand):
    help = "Write the configurations of Postfix and Dovecot, and make their database roles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        config = plane_config(Path(str(options["directory"])).resolve())
        try:
            for path in render(config):
                self.stdout.write(str(path))
            make_directories(config)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        try:
            make_roles(config)
        except ProgrammingError as error:
            raise CommandError(
                f"The roles of the mail servers could not be made: {error}. Run "
                f"{config.directory / ROLES} as the superuser of the database."
            ) from error
