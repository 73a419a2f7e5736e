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
        ("subscription.manage", _("Manage notices and subscriptions")),
    ],
)
