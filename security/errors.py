"""What a security service can refuse, in the words of the product."""

from django.utils.translation import gettext as _


class SecurityRefused(Exception):
    """A refusal that its reader can act upon; nothing was written.

    field: the form field that it speaks of; empty for the whole.
    """

    field = ""


class WholeOrganizationOnly(SecurityRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "These rules hold for the whole organization. Only an administrator of the "
                "whole organization can change them."
            )
        )


class RangeTaken(SecurityRefused):
    field = "range"

    def __init__(self, text: str) -> None:
        super().__init__(_("%(range)s is in the list already.") % {"range": text})


class TooManyRanges(SecurityRefused):
    field = "range"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("There can be %(limit)s ranges at most. Join some of them to larger ones.")
            % {"limit": limit}
        )


class MemberHasRules(SecurityRefused):
    field = "members"

    def __init__(self, address: str) -> None:
        super().__init__(
            _("%(address)s has own rules already. Edit those instead.") % {"address": address}
        )


class LocksOutActor(SecurityRefused):
    """The change refuses the very address from which it is made; to be confirmed first."""

    def __init__(self, ip: str) -> None:
        super().__init__(
            _(
                "With this change you can no longer sign in from your present address %(ip)s, "
                "and your session ends at once. Not saved yet."
            )
            % {"ip": ip}
        )
