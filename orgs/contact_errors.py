"""What changing shared contacts can refuse, in the words of the people who asked for it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orgs.models.contact import MAX_GROUPS


class ContactRefused(Exception):
    """field: the form's field that is to blame."""

    field: str | None = None


class GroupNameTaken(ContactRefused):
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is a group “%(name)s” already. Choose another name.") % {"name": name}
        )


class TooManyGroups(ContactRefused):
    def __init__(self) -> None:
        super().__init__(
            _("There are %(limit)d groups already, which is the most. Delete one first.")
            % {"limit": MAX_GROUPS}
        )
