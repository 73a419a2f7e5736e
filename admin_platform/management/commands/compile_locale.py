from django.conf import settings
from django.core.management.base import BaseCommand

from admin_platform.locale_files import compile_catalogues


class Command(BaseCommand):
    help = "Compile the translations, without gettext."

    def handle(self, *args: object, **options: object) -> None:
        for directory in settings.LOCALE_PATHS:
            compile_catalogues(directory)
