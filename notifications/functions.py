from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "organization",
    [
        ("announcement.view", _("View announcements")),
        ("announcement.manage", _("Publish announcements")),
    ],
)

register(
    "mail",
    [
        ("welcome.view", _("View the welcome letter")),
        ("welcome.manage", _("Edit the welcome letter")),
        ("subscription.view", _("View notices and subscriptions")),
        ("subscription.manage", _("Manage notices and subscriptions")),
    ],
    organization_wide=["welcome.manage", "subscription.manage"],
)
