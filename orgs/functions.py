from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "organization",
    [
        ("department.view", _("View departments")),
        ("department.manage", _("Create, edit and delete departments")),
        ("domain.view", _("View domains")),
        ("domain.manage", _("Manage domains")),
    ],
    organization_wide=["domain.manage"],
)
register(
    "addressbook",
    [
        ("directory.view", _("View the directory settings")),
        ("directory.manage", _("Manage the directory")),
        ("contact.view", _("View shared contacts")),
        ("contact.manage", _("Manage shared contacts")),
    ],
)
