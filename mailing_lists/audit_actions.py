from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions(
    {
        "list.created": _("Created mailing list {target}"),
        "list.changed": _("Changed mailing list {target}"),
        "list.members_added": _("Added members to mailing list {target}"),
    }
)
