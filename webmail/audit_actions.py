from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values

register_actions(
    {
        "mail.opened": _("Opened the mailbox of {target} to read"),
        "mail.message_read": _("Read a message of {target}"),
        "mail.attachment_taken": _("Took an attachment from a message of {target}"),
    }
)
register_values(
    {
        "reason": _("Reason"),
        "folder": _("Folder"),
        "message_id": "Message-ID",
        "part": _("Part of the message"),
    }
)
