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


class AccountFilter(models.TextChoices):
    """The states that a list can be narrowed to; an account has also expired, say."""

    ACTIVE = "active", _("Normal")
    DISABLED = "disabled", _("Disabled")
    FROZEN = "frozen", _("Frozen")
    EXPIRING = "expiring", _("Expires within a week")
    EXPIRED = "expired", _("Expired")


class MailboxFilter(models.TextChoices):
    """By mailbox; the last ones are the protocols of Mailbox (`imap_enabled`)."""

    ANY = "any", _("With mailbox")
    NONE = "none", _("Without mailbox")
    WEB = "web", _("Webmail")
    IMAP = "imap", "IMAP"
    POP3 = "pop3", "POP3"
    SMTP = "smtp", "SMTP"


class AccountSort(models.TextChoices):
    NAME = "name", _("Full name")
    ADDRESS = "address", _("Account")
    CREATED = "created", _("Created")
    USAGE = "usage", _("Mailbox usage")
    SIGN_IN = "sign_in", _("Last sign-in")
