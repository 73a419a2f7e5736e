from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "analytics",
    [
        ("log.view", _("View the administrator log")),
        ("user_log.view", _("View the user log")),
        ("signin_log.view", _("View the sign-in log")),
        ("volume.view", _("View mail volume")),
        ("trace.view", _("View the message trace")),
        ("report.view", _("View monthly reports")),
    ],
)
