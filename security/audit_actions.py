from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import register_values, shown_as
from security.models import IpPolicy

register_actions({"account.own_password_changed": _("{target} changed the own password")}, own=True)
register_actions({"password_rule.changed": _("Changed the password rules of {target}")})
register_actions(
    {
        "account.unlocked": _("Unlocked {target}"),
        "lockout.configured": _("Changed when accounts lock"),
        "lockout.range_added": _("Added {target} to the lockout allow list"),
        "lockout.range_removed": _("Removed {target} from the lockout allow list"),
        "ip_rule.created": _("Created the default rule for {target}"),
        "ip_rule.changed": _("Changed the default rule for {target}"),
        "ip_rule.deleted": _("Deleted the default rule for {target}"),
        "ip_policy.created": _("Gave {target} own IP rules"),
        "ip_policy.changed": _("Changed the own IP rules of {target}"),
        "ip_policy.deleted": _("Deleted the own IP rules of {target}"),
    }
)
register_values(
    {
        "range": _("IP range"),
        "allowed": _("Allowed ranges"),
        "denied": _("Denied ranges"),
        "elsewhere": shown_as(IpPolicy._meta.get_field("elsewhere")),
    }
)
