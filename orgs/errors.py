"""What a service of this app can refuse, in the words of the people who asked for it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import MAX_LEVELS, Department


class DepartmentRefused(Exception):
    """A change of the tree that cannot be. field: the form's field that is to blame."""

    field: str | None = None


class NameTaken(DepartmentRefused):
    field = "name"

    def __init__(self, name: str, parent: Department) -> None:
        super().__init__(
            _("“%(parent)s” already has a department “%(name)s”. Choose another name.")
            % {"parent": parent.name, "name": name}
        )


class TooDeep(DepartmentRefused):
    def __init__(self) -> None:
        super().__init__(
            _("The tree can have %(limit)d levels at most. Choose a department further up.")
            % {"limit": MAX_LEVELS}
        )


class MovedIntoItself(DepartmentRefused):
    def __init__(self, department: Department) -> None:
        super().__init__(
            _("“%(name)s” cannot be moved into itself or into a department below it.")
            % {"name": department.name}
        )


class RootIsFixed(DepartmentRefused):
    def __init__(self, root: Department) -> None:
        super().__init__(
            _("“%(name)s” stands for the organization; it can be neither moved nor deleted.")
            % {"name": root.name}
        )


class OutsideScope(DepartmentRefused):
    """The operator does not hold the function where the change would take place."""

    def __init__(self, department: Department) -> None:
        super().__init__(
            _("This change concerns “%(name)s”, which is outside your scope. Nothing was changed.")
            % {"name": department.name}
        )


class DepartmentGone(DepartmentRefused):
    def __init__(self, department: Department) -> None:
        super().__init__(
            _("“%(name)s” has just been deleted by somebody else.") % {"name": department.name}
        )


class ChangedMeanwhile(DepartmentRefused):
    """Somebody else saved the same thing while the form was open."""

    def __init__(self, who: str, now: str) -> None:
        super().__init__(
            _(
                "While you were editing, %(who)s changed this to “%(now)s”. Not saved yet: "
                "save again to replace it with yours."
            )
            % {"who": who or _("somebody else"), "now": now}
        )


class DepartmentInUse(DepartmentRefused):
    """accounts, children: how many stand in the way of deleting the department."""

    def __init__(self, department: Department, *, accounts: int, children: int) -> None:
        self.accounts, self.children = accounts, children
        parts = []
        if accounts:
            parts.append(ngettext("%(n)d account", "%(n)d accounts", accounts) % {"n": accounts})
        if children:
            parts.append(
                ngettext("%(n)d sub-department", "%(n)d sub-departments", children)
                % {"n": children}
            )
        super().__init__(
            _("“%(name)s” still has %(what)s. Move or delete them first, then delete it.")
            % {"name": department.name, "what": _(" and ").join(parts)}
        )
