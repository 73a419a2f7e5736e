from django.utils.translation import gettext_lazy as _

from admin_platform.jobs import JobKind, register_kind
from mail_server.services.kept_mail import KIND, attach_step

register_kind(
    JobKind(KIND, _("Moving the mail of deleted accounts"), attach_step, "account.delete")
)
