from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "apps",
    [
        ("sms.view", _("View SMS notices")),
        ("sms.manage", _("Manage SMS notices")),
        ("im.view", _("View the company messenger")),
        ("im.manage", _("Manage the company messenger")),
        ("fax.view", _("View mail fax")),
        ("fax.manage", _("Manage mail fax")),
        ("mobile_app.view", _("View the mobile mail app")),
        ("mobile_app.manage", _("Manage the mobile mail app")),
        ("backup.view", _("View self-backup")),
        ("backup.manage", _("Manage self-backup")),
        ("office.view", _("View Office 365")),
        ("office.manage", _("Manage Office 365")),
    ],
    organization_wide=["im.manage", "mobile_app.manage", "backup.manage"],
)
