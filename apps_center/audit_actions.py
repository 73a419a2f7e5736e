from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values

register_actions(
    {
        "backup.created": _("Had mail of {target} backed up"),
        "backup.deleted": _("Ended the backup of mail of {target}"),
    },
    chapter="apps",
)
register_values({"main": _("Main backup mailbox")})
