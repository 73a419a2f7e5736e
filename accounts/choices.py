from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountStatus(models.TextChoices):
    ACTIVE = "active", _("Normal")
    DISABLED = "disabled", _("Disabled")
    FROZEN = "frozen", _("Frozen")


class SendScope(models.TextChoices):
    """To whom a mailbox may send."""

    ALL = "all", _("All addresses")
    INTERNAL = "internal", _("The organization only")
    NONE = "none", _("Nobody")


class ReceiveScope(models.TextChoices):
    """From whom a mailbox receives."""

    ALL = "all", _("All senders")
    INTERNAL = "internal", _("The organization only")
    NONE = "none", _("Nobody")


class AddressKind(models.TextChoices):
    PRIMARY = "primary", _("Primary address")
    ALIAS = "alias", _("Alias")
    LIST = "list", _("Mailing list")
