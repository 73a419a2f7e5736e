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
