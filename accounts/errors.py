"""What a service for accounts can refuse, in the words of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class AccountRefused(Exception):
    """A refusal that its reader can act upon; nothing was written.

    field: the form field or import column that it speaks of; empty for the whole.
    """

    field = ""


class SeatsExhausted(AccountRefused):
    def __init__(self, seats: int) -> None:
        super().__init__(
            _(
                "All %(seats)s seats of the organization are taken. "
                "Delete accounts that are not needed or ask your reseller for more seats."
            )
            % {"seats": number_format(seats)}
        )


class StorageExhausted(AccountRefused):
    """left_bytes: what quotas may still be given out; None where a limit is needed at all."""

    field = "quota"

    def __init__(self, left_bytes: int | None) -> None:
        if left_bytes is None:
            text = _("The organization's storage is limited, so every mailbox needs a quota.")
        else:
            left = number_format(left_bytes / 1024**3, decimal_pos=2)
            text = _(
                "Only %(left)s GB of the organization's storage are left. "
                "Give the mailbox a smaller quota."
            ) % {"left": left}
        super().__init__(text)


class AddressTaken(AccountRefused):
    """holder: whose it is, where that may be told; suggestion: a local part that is free."""

    field = "local_part"

    def __init__(self, address: str, *, holder: str = "", suggestion: str = "") -> None:
        self.address = address
        values = {"address": address, "holder": holder, "suggestion": suggestion}
        text = (
            _("“%(address)s” already belongs to %(holder)s.") % values
            if holder
            else _("“%(address)s” is already in use.") % values
        )
        if suggestion:
            text = " ".join([text, _("Take another one, such as “%(suggestion)s”.") % values])
        super().__init__(text)


class AliasTaken(AddressTaken):
    field = "aliases"


class DomainNotUsable(AccountRefused):
    field = "domain"

    def __init__(self, domain: str) -> None:
        super().__init__(
            _("“%(domain)s” is not a domain for addresses of this organization.")
            % {"domain": domain}
        )


class AliasDomainNotUsable(DomainNotUsable):
    field = "aliases"


class TooManyAliases(AccountRefused):
    field = "aliases"

    def __init__(self, limit: int) -> None:
        super().__init__(_("An account can have %(limit)s aliases at most.") % {"limit": limit})


class EmployeeNumberTaken(AccountRefused):
    field = "employee_no"

    def __init__(self, employee_no: str) -> None:
        super().__init__(
            _("Another account has the employee no. “%(number)s”.") % {"number": employee_no}
        )


class PasswordRefused(AccountRefused):
    field = "password"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


class ForwardingRefused(AccountRefused):
    field = "forward_to"


class DepartmentMissing(AccountRefused):
    field = "departments"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one department."))


class DepartmentOutOfScope(AccountRefused):
    field = "departments"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” lies outside the departments that you administer.") % {"name": name}
        )


class MailboxMissing(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s has no mailbox.") % {"name": name})


class MailboxExists(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s has a mailbox already.") % {"name": name})


class PrimaryDepartmentOutOfScope(AccountRefused):
    """The account is seen through a further department, but administered by its primary one."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s is administered by another department: "
                "the primary department lies outside the ones that you administer."
            )
            % {"name": name}
        )


class AccountProtected(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s holds rights that you do not hold. "
                "Ask an organization administrator to make this change."
            )
            % {"name": name}
        )


class OwnAccount(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            _("You cannot disable or delete your own account. Ask another administrator.")
        )


class LastAdministrator(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This is the last organization administrator who can sign in. "
                "Give the role to another account first."
            )
        )


class HeirRefused(AccountRefused):
    """The account that was to take the mail of deleted ones cannot."""

    field = "heir"

    @classmethod
    def is_deleted_too(cls, name: str) -> Self:
        return cls(_("%(name)s is to be deleted too. Choose another account.") % {"name": name})

    @classmethod
    def cannot_be_used(cls, name: str) -> Self:
        return cls(_("%(name)s is disabled or expired. Choose another account.") % {"name": name})

    @classmethod
    def has_no_room(cls, name: str, *, free: int, needed: int) -> Self:
        return cls(
            _(
                "The mailbox of %(name)s has %(free)s left, but %(needed)s are needed. "
                "Give it a larger quota first."
            )
            % {"name": name, "free": filesizeformat(free), "needed": filesizeformat(needed)}
        )


class AddressNotOwn(AccountRefused):
    def __init__(self, address: str) -> None:
        super().__init__(
            _("“%(address)s” is no longer an address of this account.") % {"address": address}
        )


class DirectoryOfAll(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Only who administers the whole organization switches its directory on and off.")
        )


class StillInherits(AccountRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Mail of other accounts is still being moved into the mailbox of %(name)s. "
                "Try again when that is done."
            )
            % {"name": name}
        )


class SelectionTooLarge(AccountRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            ngettext(
                "Choose at most %(limit)s account at a time.",
                "Choose at most %(limit)s accounts at a time.",
                limit,
            )
            % {"limit": number_format(limit)}
        )


class SelectionChanged(AccountRefused):
    """Some of the chosen accounts were moved, deleted or taken out of scope meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Some of the chosen accounts have changed meanwhile. "
                "Nothing was saved; choose again."
            )
        )


class OwnPassword(AccountRefused):
    def __init__(self) -> None:
        super().__init__(_("Change your own password under “Change password” in the top bar."))


class EditConflict(AccountRefused):
    """Somebody else saved other values while the form was open.

    names: of these fields. current: the state as it is saved now. who: saved last.
    """

    def __init__(self, names: Sequence[str], current: Mapping[str, Any], *, who: str) -> None:
        self.names, self.current = names, current
        self.who = who or _("somebody else")
        super().__init__(_("%(who)s has saved this account meanwhile.") % {"who": self.who})

    def told(self, now: str) -> str:
        """What to say at a field."""
        return _(
            "While you were editing, %(who)s changed this to “%(now)s”. Not saved yet: "
            "save again to replace it with yours."
        ) % {"who": self.who, "now": now}
