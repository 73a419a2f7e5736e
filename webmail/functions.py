from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "mail",
    [
        ("branding.view", _("View sign-in page, addresses and footer")),
        ("branding.manage", _("Manage sign-in page, addresses and footer")),
        ("mail.read", _("Read the mail of members")),
    ],
    organization_wide=["branding.manage"],
)
