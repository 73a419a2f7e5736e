from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppsCenterConfig(AppConfig):
    name = "apps_center"
    verbose_name = _("App centre")
