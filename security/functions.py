from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "mail",
    [
        ("dmarc.manage", _("Manage DMARC protection")),
        ("antispam.manage", _("Manage anti-spam rules")),
        ("antivirus.manage", _("Manage antivirus rules")),
    ],
)

register(
    "security",
    [
        ("password_rule.manage", _("Manage password rules")),
        ("ip_rule.manage", _("Manage sign-in by IP address")),
        ("lockout.manage", _("Unlock accounts")),
    ],
)
