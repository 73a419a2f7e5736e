from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions
from admin_platform.audit_values import Shown, choice_of, register_values, shown_as
from security.choices import Protocol
from security.clients import client_name
from security.models import IpPolicy, PasswordRule, SendingLimit, SignInRule, SpamRule

register_actions(
    {
        "account.own_password_changed": _("{target} changed the own password"),
        "second_factor.enabled": _("{target} set up a second factor"),
        "second_factor.disabled": _("{target} switched the second factor off"),
        "second_factor.codes_renewed": _("{target} made new recovery codes"),
        "app_password.created": _("{target} made an app password"),
        "app_password.revoked": _("{target} revoked an app password"),
        "session.ended": _("{target} ended another session"),
        "session.others_ended": _("{target} ended all other sessions"),
    },
    own=True,
)
register_actions(
    {
        "password_rule.changed": _("Changed the password rules of {target}"),
        "sign_in_rule.changed": _("Changed second factor and sessions of {target}"),
        "second_factor.reset": _("Took the second factor off {target}"),
        "session.ended_for": _("Ended sessions of {target}"),
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
    },
    chapter="security",
)
register_actions(
    {
        "sending_limit.changed": _("Changed the sending limits of {target}"),
        "spam_rule.changed": _("Changed the anti-spam rules of {target}"),
        "spam_list.added": _("Put {target} on an anti-spam list"),
        "spam_list.removed": _("Took {target} off an anti-spam list"),
        "dkim_key.created": _("Made a DKIM key for {target}"),
        "dkim_key.activated": _("Changed the DKIM key that signs mail of {target}"),
        "dkim_key.removed": _("Removed a DKIM key of {target}"),
    },
    chapter="mail",
)
register_values(
    {
        "range": _("IP range"),
        "allowed": _("Allowed ranges"),
        "denied": _("Denied ranges"),
        "elsewhere": shown_as(IpPolicy._meta.get_field("elsewhere")),
        "ip": _("IP address"),
        "client": Shown(_("Client"), client_name),
        "selector": _("DKIM selector"),
        "count": _("Number"),
        "protocols": choice_of(_("Protocols"), Protocol),
    }
)
# The target of these is the account, whose name is another one.
for action in ("app_password.created", "app_password.revoked"):
    register_values({"name": _("Name")}, action=action)
# Rules are changed of an organization, which has no such fields itself.
for action, model in (
    ("password_rule.changed", PasswordRule),
    ("sign_in_rule.changed", SignInRule),
    ("spam_rule.changed", SpamRule),
    ("sending_limit.changed", SendingLimit),
):
    register_values(
        {
            field.name: shown_as(field)
            for field in model._meta.concrete_fields
            if field.name not in {"id", "organization", "updated_at"}
        },
        action=action,
    )
