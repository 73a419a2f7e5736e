"""What self-backup refuses (manual, 10.5), in the words of the product."""

from django.utils.translation import gettext as _

from accounts.errors import AccountRefused


class IsMainBackup(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s is a main backup mailbox: it is not disabled, deleted or given an "
                "expiry. Delete its backup relations first."
            )
            % {"name": name}
        )


class BackupRefused(AccountRefused):
    """field: which of the two mailboxes cannot be what it was chosen for."""

    def __init__(self, text: str, field: str) -> None:
        self.field = field
        super().__init__(text)
