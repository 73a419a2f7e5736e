"""What the services of this chapter can refuse, in the user's words."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


class AttachmentRefused(Exception):
    """A file cannot go with the letter; the text says why."""


class AttachmentsTooLarge(AttachmentRefused):
    def __init__(self, total: int, limit: int) -> None:
        super().__init__(
            _("The attachments come to %(total)s; %(limit)s is the most.")
            % {"total": filesizeformat(total), "limit": filesizeformat(limit)}
        )


class AttachmentTypeRefused(AttachmentRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” is a program. Members could not open it; send a document or an archive.")
            % {"name": name}
        )


class NoMailboxForTest(Exception):
    def __init__(self) -> None:
        super().__init__(_("Your account has no mailbox to send a test to."))
