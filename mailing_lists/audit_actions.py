from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values

register_actions(
    {
        "list.created": _("Created mailing list {target}"),
        "list.changed": _("Changed mailing list {target}"),
        "list.members_added": _("Added members to mailing list {target}"),
        "list.members_removed": _("Removed members from mailing list {target}"),
    }
)

register_values({"members": _("Members"), "senders": _("Senders")})
