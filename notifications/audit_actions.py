from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions({"welcome.changed": _("{target}: the welcome letter was changed")})
