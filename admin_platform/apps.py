from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

# What an app may bring along; found by name so that lower apps need not know higher ones.
REGISTRIES = (
    "functions",
    "scopes",
    "menu",
    "audit_actions",
    "reminders",
    "home",
    "finders",
    "refusals",
    "jobs",
    "groups",
    "ties",
    "receivers",
)


class PlatformConfig(AppConfig):
    name = "admin_platform"
    verbose_name = _("Platform")

    def ready(self) -> None:
        from admin_platform import permissions  # noqa: F401  registers the system check

        autodiscover_modules(*REGISTRIES)
