from django.utils.translation import gettext as _


class ListLoop(Exception):
    """A list would contain itself."""

    def __str__(self) -> str:
        return _("This list would contain itself through “%(name)s”.") % {"name": self.args[0]}


class AddressTaken(Exception):
    def __str__(self) -> str:
        return _("The address %(address)s is taken.") % {"address": self.args[0]}
