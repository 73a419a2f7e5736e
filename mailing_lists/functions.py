from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "mail",
    [
        ("massmail.view", _("View mass mailings")),
        ("massmail.send", _("Send mass mailings")),
        ("list.view", _("View mailing lists")),
        ("list.manage", _("Manage mailing lists")),
    ],
)
