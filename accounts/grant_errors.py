"""What the services for roles and grants can refuse, in the words of the product."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import AccountRefused
from admin_platform import functions

NAMED = 3


def in_words(codes: Iterable[str]) -> str:
    """The first functions by their labels, and how many more there are."""
    labels = [functions.label(code) for code in sorted(codes)]
    named = "、".join(labels[:NAMED])
    more = len(labels) - NAMED
    return _("%(named)s and %(more)d more") % {"named": named, "more": more} if more > 0 else named


class RoleRefused(AccountRefused):
    """A change of a role that cannot be."""


class PresetRole(RoleRefused):
    def __init__(self) -> None:
        super().__init__(_("Preset roles cannot be changed. Copy the role and change the copy."))


class RoleNameTaken(RoleRefused):
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is a role “%(name)s” already. Choose another name.") % {"name": name}
        )


class RoleBeyondOwn(RoleRefused):
    """The role gives, or would give, functions that its editor does not hold everywhere."""

    field = "functions"

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(
            _(
                "You do not hold these functions in the whole organization yourself, so you "
                "cannot put them into a role or change a role that has them: %(functions)s."
            )
            % {"functions": in_words(codes)}
        )


class RoleInUse(RoleRefused):
    """members: how many hold the role."""

    def __init__(self, name: str, members: int) -> None:
        super().__init__(
            ngettext(
                "%(members)d member holds the role “%(name)s”. Revoke its grant first, "
                "then delete the role.",
                "%(members)d members hold the role “%(name)s”. Revoke its grants first, "
                "then delete the role.",
                members,
            )
            % {"name": name, "members": members}
        )


class RoleGone(RoleRefused):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has just deleted this role."))


class GrantRefused(AccountRefused):
    """A grant or a revocation that cannot be; nothing was written."""


class RoleNotToGive(GrantRefused):
    field = "role"

    def __init__(self, role: str, codes: Iterable[str], department: str) -> None:
        super().__init__(
            _(
                "You cannot give the role “%(role)s” for “%(department)s”, because you do not "
                "hold all of its functions there: %(functions)s."
            )
            % {"role": role, "department": department, "functions": in_words(codes)}
        )


class SiblingsChosen(GrantRefused):
    """Two departments of one level (manual, 8.1: only one of them in a grant)."""

    field = "departments"

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _(
                "“%(one)s” and “%(other)s” are on the same level; a grant can have only one "
                "of them. Choose the department above both, or grant the role twice."
            )
            % {"one": one, "other": other}
        )


class DepartmentsMissing(GrantRefused):
    field = "departments"

    def __init__(self) -> None:
        super().__init__(_("Choose the department in which the role holds."))


class GrantOutOfScope(GrantRefused):
    field = "departments"

    def __init__(self) -> None:
        super().__init__(
            _("A chosen department is gone or outside those in which you grant roles.")
        )


class MembersOutOfScope(GrantRefused):
    field = "accounts"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Some of the chosen members are gone or outside the departments in which you "
                "grant roles. Nothing was saved; choose again."
            )
        )


class AlreadyGranted(GrantRefused):
    field = "accounts"

    def __init__(self, role: str) -> None:
        super().__init__(
            _("The chosen members already hold the role “%(role)s” in these departments.")
            % {"role": role}
        )


class GrantsChanged(GrantRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Some of the chosen grants are gone or beyond your rights. "
                "Nothing was revoked; choose again."
            )
        )


class LastAdministratorStays(GrantRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "After that nobody could administer the organization. "
                "Give the role to another member who can sign in first."
            )
        )
