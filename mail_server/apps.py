from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailServerConfig(AppConfig):
    name = "mail_server"
    verbose_name = _("Mail server")
