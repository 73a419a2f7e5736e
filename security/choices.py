from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Protocol(models.TextChoices):
    WEB = "web", _("Webmail")
    CONSOLE = "console", _("Console")
    SMTP = "smtp", "SMTP"
    IMAP = "imap", "IMAP"
    POP3 = "pop3", "POP3"


class IpAction(models.TextChoices):
    ALLOW = "allow", _("Allow")
    DENY = "deny", _("Deny")


class SignInResult(models.TextChoices):
    """The refusals are those of the SQL function mp_sign_in, and a wrong password.

    LOCKING: the wrong password that locked the account. LOCKED: it was locked already,
    whatever the password. PASSWORD_EXPIRED, INITIAL_PASSWORD, APP_PASSWORD: the password
    was right, and mail clients are refused it.
    """

    SUCCESS = "success", _("Signed in")
    UNKNOWN = "unknown", _("Unknown account")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    LOCKING = "locking", _("Wrong password, account locked")
    LOCKED = "locked", _("Account is locked")
    NETWORK = "network", _("IP address not allowed")
    DISABLED = "disabled", _("Account disabled")
    FROZEN = "frozen", _("Account frozen")
    EXPIRED = "expired", _("Account expired")
    DELETED = "deleted", _("Account deleted")
    NO_MAILBOX = "no_mailbox", _("No mailbox")
    PROTOCOL_OFF = "protocol_off", _("Protocol not allowed")
    PASSWORD_EXPIRED = "password_expired", _("Password expired")
    INITIAL_PASSWORD = "initial_password", _("Initial password not changed yet")
    APP_PASSWORD = "app_password", _("App password needed")
    SECOND_STEP = "second_step", _("Password right, code asked for")
    WRONG_CODE = "wrong_code", _("Wrong code")


# What the sign-in log shows as lock records (manual, 7.3).
LOCK_RESULTS = (SignInResult.LOCKING, SignInResult.LOCKED)


class DigitRuns(models.TextChoices):
    """Which digits side by side a password may not have (manual, 9.1.2)."""

    ALLOWED = "allowed", _("Allowed")
    NO_SEQUENCE = "no_sequence", _("No sequences of three, such as 123, 321 or 111")
    NONE = "none", _("No three digits side by side")


class SecondFactorFor(models.TextChoices):
    """Of whom an organization requires a second factor."""

    NOBODY = "nobody", _("Nobody; members may use it")
    ADMINISTRATORS = "administrators", _("Everybody with a role in the console")
    EVERYBODY = "everybody", _("All members")


# Programs that send a password at every connection; a second step is nothing for them.
CLIENT_PROTOCOLS = (Protocol.SMTP, Protocol.IMAP, Protocol.POP3)


class SpamLevel(models.TextChoices):
    """How easily a message is taken for spam (manual, 6.5.2)."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    OWN = "own", _("Own scores")


class SpamAction(models.TextChoices):
    JUNK = "junk", _("Put into the junk folder")
    TAG = "tag", _("Mark in the subject")
    REFUSE = "refuse", _("Refuse")


class ListedAs(models.TextChoices):
    ALLOW = "allow", pgettext_lazy("senders", "Allow list")
    DENY = "deny", pgettext_lazy("senders", "Deny list")


class ListedKind(models.TextChoices):
    ADDRESS = "address", _("Address")
    DOMAIN = "domain", _("Domain")
    IP = "ip", _("IP address")
