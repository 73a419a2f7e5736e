from django.utils.translation import gettext as _


class ReadingRefused(Exception):
    """A member's mail may not be read; the text says why."""


class ReasonMissing(ReadingRefused):
    def __init__(self) -> None:
        super().__init__(_("Say why the mail is read. The member will see it."))


class NoMailbox(ReadingRefused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s has no mailbox.") % {"name": name})


class OwnMail(ReadingRefused):
    def __init__(self) -> None:
        super().__init__(_("Your own mail is in your mailbox."))
