from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "apps",
    [
        ("sms.manage", _("Manage SMS notices")),
        ("im.manage", _("Manage the company messenger")),
        ("fax.manage", _("Manage mail fax")),
        ("mobile_app.manage", _("Manage the mobile mail app")),
        ("backup.manage", _("Manage self-backup")),
        ("office.manage", _("Manage Office 365")),
    ],
)
