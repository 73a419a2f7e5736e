from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed

from admin_platform.environment import env_bool
from admin_platform.locale_files import compile_catalogues


def wants_demo() -> bool:
    """NO_DEMO=yes starts with an empty platform."""
    return "make_demo" in get_commands() and not env_bool("NO_DEMO")


class Command(BaseCommand):
    help = "Bring the database and the translations up to date; a new one gets the demo company."

    def handle(self, *args: object, **options: object) -> None:
        for directory in settings.LOCALE_PATHS:
            compile_catalogues(directory)
        # Django loaded the catalogues when this process began, before they were compiled.
        translation_file_changed(sender=None, file_path=Path("django.mo"))
        for name in ("messages", "processed", "control"):
            (settings.QUEUE_DIR / name).mkdir(parents=True, exist_ok=True)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        organizations = apps.get_model("orgs", "Organization")
        if wants_demo() and not organizations.objects.exists():
            self.stdout.write("[platform] Making the demo company.")
            self.stdout.flush()
            call_command("make_demo")
