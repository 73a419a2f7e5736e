from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions(
    {
        "job.cancelled": _("Stopped {target}"),
        "job.resumed": _("Had {target} go on"),
    }
)
