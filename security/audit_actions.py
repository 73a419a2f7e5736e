from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions({"account.own_password_changed": _("{target} changed the own password")}, own=True)
register_actions({"password_rule.changed": _("Changed the password rules of {target}")})
