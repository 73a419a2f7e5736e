from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions(
    {
        "staff.created": _("Created {target} for the provider"),
        "staff.changed": _("Changed {target} for the provider"),
        "staff.deleted": _("Deleted {target} for the provider"),
        "job.cancelled": _("Stopped {target}"),
        "job.resumed": _("Had {target} go on"),
    }
)
