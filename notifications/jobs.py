from django.utils.translation import gettext_lazy as _

from admin_platform.jobs import JobKind, register_kind
from notifications.services import password_warnings, welcome

register_kind(
    JobKind(
        code=welcome.JOB_KIND,
        label=_("Welcome letters"),
        step=welcome.deliver_next_letters,
        function="welcome.manage",
    )
)
register_kind(
    JobKind(
        code=password_warnings.JOB_KIND,
        label=_("Letters about expiring passwords"),
        step=password_warnings.deliver_next_warnings,
        function="password_rule.view",
    )
)
