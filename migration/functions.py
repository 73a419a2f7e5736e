from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "mail",
    [
        ("migration.view", _("View migration tasks")),
        ("migration.manage", _("Manage migration tasks")),
    ],
)
