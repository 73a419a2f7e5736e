from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountFilter, MailboxFilter
from accounts.models import Mailbox
from admin_platform import functions
from admin_platform.audit import register_actions
from admin_platform.audit_values import Shown, choice_of, register_values, shown_as
from admin_platform.templatetags.console import size

register_actions(
    {
        "directory.switched": _("Switched the directory of {target}"),
        "directory.member_shown": _("Changed whether the directory shows {target}"),
        "directory.address_chosen": _("Changed the address that the directory shows of {target}"),
        "directory.department_closed": _("Changed who sees members of {target} in the directory"),
    },
    chapter="addressbook",
)
register_actions(
    {
        "account.created": _("Created account {target}"),
        "account.changed": _("Changed account {target}"),
        "account.password_reset": _("Reset the password of {target}"),
        "account.moved": _("Moved {target} to other departments"),
        "account.status_changed": _("Changed the status of {target}"),
        "account.deleted": _("Deleted account {target}"),
        "account.restored": _("Restored account {target}"),
        "account.purged": _("Removed account {target} for good"),
        "account.exported": _("Exported the accounts of {target}"),
        "account.imported": _("Imported accounts from {target}"),
        "account.initial_passwords_downloaded": _(
            "Downloaded the initial passwords of the accounts from {target}"
        ),
        "account.initial_passwords_forgotten": _(
            "Dropped the initial passwords of the accounts from {target}"
        ),
        "role.created": _("Created role {target}"),
        "role.changed": _("Changed role {target}"),
        "role.deleted": _("Deleted role {target}"),
        "grant.created": _("Granted a role to {target}"),
        "grant.revoked": _("Revoked a role from {target}"),
    }
)

OF_THE_MAILBOX = (
    "send_scope",
    "receive_scope",
    "web_enabled",
    "imap_enabled",
    "pop3_enabled",
    "smtp_enabled",
    "forwarding_allowed",
    "forward_to",
    "keep_copy",
)


def quota(size_bytes: int) -> str:
    return size(size_bytes) if size_bytes else str(_("Without limit"))


register_values(
    {
        "role": _("Role"),
        "heir": _("Mail moved to"),
        "is_closed": _("Shown to one another only"),
        "is_visible": _("Visible"),
        "departments": _("Departments"),
        "department": _("Department"),
        "aliases": _("Aliases"),
        "mailbox": _("Mailbox"),
        "password": _("Password"),
        "generated": _("Generated password"),
        "must_change_at_sign_in": _("Must be changed at sign-in"),
        "kept_as_alias": _("Kept as alias"),
        "functions": Shown(_("Functions"), functions.label),
        "imported": _("Imported accounts"),
        "not_imported": _("Rows left out"),
        "quota_bytes": Shown(_("quota"), quota),
        **{f.name: shown_as(f) for f in Mailbox._meta.fields if f.name in OF_THE_MAILBOX},
    }
)
register_values(
    {
        "accounts": _("Number"),
        "with_below": _("With sub-departments"),
        "search": _("Find accounts"),
        "status": choice_of(_("Status"), AccountFilter),
        "mailbox": choice_of(_("Mailbox"), MailboxFilter),
    },
    action="account.exported",
)
