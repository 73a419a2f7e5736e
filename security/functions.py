from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "mail",
    [
        ("dmarc.view", _("View DMARC protection")),
        ("dmarc.manage", _("Manage DMARC protection")),
        ("antispam.view", _("View anti-spam rules")),
        ("antispam.manage", _("Manage anti-spam rules")),
        ("antivirus.view", _("View antivirus rules")),
        ("antivirus.manage", _("Manage antivirus rules")),
        ("sending_limit.view", _("View sending limits")),
        ("sending_limit.manage", _("Set sending limits")),
    ],
    organization_wide=[
        "dmarc.manage",
        "antispam.manage",
        "antivirus.manage",
        "sending_limit.manage",
    ],
)

register(
    "security",
    [
        ("password_rule.view", _("View password rules")),
        ("password_rule.manage", _("Manage password rules")),
        ("sign_in_rule.view", _("View second factor and sessions")),
        ("sign_in_rule.manage", _("Set up second factor and sessions")),
        ("member_security.view", _("View members’ sign-in security")),
        ("member_security.reset", _("Reset second factors of members")),
        ("member_security.end_sessions", _("End sessions of members")),
        ("ip_rule.view", _("View sign-in by IP address")),
        ("ip_rule.manage", _("Manage sign-in by IP address")),
        ("lockout.view", _("View locked accounts")),
        ("lockout.manage", _("Unlock accounts")),
        ("lockout.configure", _("Set up when accounts lock")),
    ],
    organization_wide=["password_rule.manage", "sign_in_rule.manage", "lockout.configure"],
)
