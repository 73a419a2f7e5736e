"""What a security service can refuse, in the words of the product."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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


class WrongPassword(SecurityRefused):
    field = "password"

    def __init__(self) -> None:
        super().__init__(_("This is not the present password."))


class TooManyWrongPasswords(WrongPassword):
    """The account is locked as by wrong sign-ins; the session goes on."""

    def __init__(self) -> None:
        SecurityRefused.__init__(
            self, _("Too many wrong passwords. Try again later, or ask an administrator.")
        )


class CodeRefused(SecurityRefused):
    field = "code"

    def __init__(self) -> None:
        super().__init__(
            _("This code is not right or was used already. Enter the one shown now by the app.")
        )


class CodeTooSoon(SecurityRefused):
    field = "code"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext(
                "The code before was wrong. Try again in %(n)d second.",
                "The code before was wrong. Try again in %(n)d seconds.",
                seconds,
            )
            % {"n": seconds}
        )


class SecondFactorNeeded(SecurityRefused):
    def __init__(self) -> None:
        super().__init__(_("Your organization requires a second factor of you."))


class NoSecondFactor(SecurityRefused):
    def __init__(self) -> None:
        super().__init__(_("There is no second factor. It may have been switched off meanwhile."))


class AppPasswordNameTaken(SecurityRefused):
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is an app password “%(name)s” already. Choose another name.") % {"name": name}
        )


class TooManyAppPasswords(SecurityRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            _("You have %(limit)d app passwords already. Revoke one that is not used any more.")
            % {"limit": limit}
        )


class DkimKeyInUse(SecurityRefused):
    def __init__(self, selector: str) -> None:
        super().__init__(
            _("%(selector)s signs mail. Activate another key first.") % {"selector": selector}
        )


class SpamListTaken(SecurityRefused):
    field = "value"

    def __init__(self, value: str) -> None:
        super().__init__(_("%(value)s is in one of the two lists already.") % {"value": value})


class SpamListFull(SecurityRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(_("The two lists can have %(limit)s entries at most.") % {"limit": limit})
