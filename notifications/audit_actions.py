from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values, shown_as
from notifications.models import WelcomeLetter

register_actions({"welcome.changed": _("{target}: the welcome letter was changed")})
register_values(
    {
        "attachments": _("Attachments"),
        **{
            field.name: shown_as(field)
            for field in WelcomeLetter._meta.fields
            if field.name in {"enabled", "subject", "body"}
        },
    },
    action="welcome.changed",
)
