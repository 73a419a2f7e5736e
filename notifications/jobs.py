from django.utils.translation import gettext_lazy as _

from admin_platform.jobs import JobKind, register_kind
from notifications.services import welcome

register_kind(
    JobKind(
        code=welcome.JOB_KIND,
        label=_("Welcome letters"),
        step=welcome.deliver_next_letters,
        function="welcome.view",
    )
)
