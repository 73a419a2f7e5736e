from django.utils.translation import gettext_lazy as _

from admin_platform.functions import register

register(
    "organization",
    [
        ("account.view", _("View accounts")),
        ("account.create", _("Create accounts")),
        ("account.import", _("Import accounts")),
        ("account.change", _("Edit accounts")),
        ("account.password", _("Reset passwords of accounts")),
        ("account.move", _("Move accounts between departments")),
        ("account.status", _("Change the status of accounts")),
        ("account.delete", _("Delete accounts")),
        ("account.export", _("Export accounts")),
    ],
)
register(
    "permissions",
    [
        ("role.view", _("View roles")),
        ("role.manage", _("Manage roles")),
        ("grant.view", _("View grants")),
        ("grant.manage", _("Grant and revoke roles")),
    ],
    organization_wide=["role.manage"],
)
