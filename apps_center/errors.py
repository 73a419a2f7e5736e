from django.utils.translation import gettext as _

from accounts.errors import AccountRefused


class IsMainBackup(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is the main backup mailbox of others. Delete these backup relations first.")
            % {"name": name}
        )
