from django.utils.translation import gettext_lazy as _

from admin_platform.audit import register_actions

register_actions(
    {
        "account.created": _("Created account {target}"),
        "account.changed": _("Changed account {target}"),
        "account.password_reset": _("Reset the password of {target}"),
        "account.moved": _("Moved {target} to other departments"),
        "account.status_changed": _("Changed the status of {target}"),
        "account.imported": _("Imported accounts from {target}"),
        "account.initial_passwords_downloaded": _(
            "Downloaded the initial passwords of the accounts from {target}"
        ),
        "account.initial_passwords_forgotten": _(
            "Dropped the initial passwords of the accounts from {target}"
        ),
        "grant.created": _("Granted a role to {target}"),
        "grant.revoked": _("Revoked a role from {target}"),
    }
)
