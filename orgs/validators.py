import re
import unicodedata
import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from orgs.paths import SEPARATOR

# RFC 1035, 2.3.1 with the relaxation of RFC 1123, 2.1: letters, digits, inner hyphens.
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
DOMAIN_MAX_LENGTH = 253
# Whatever people write, with an extension behind it: +86 (10) 8888-6666 ext. 12.
_PHONE = re.compile(
    r"\+?[0-9(][0-9 ().,/-]{1,30}(?: ?(?:ext\.?|x|转|#) ?[0-9]{1,6})?", re.IGNORECASE
)
# Invisible, but several scripts and emoji are not written right without them.
_JOINERS = "\u200c\u200d"


def validate_department_name(value: str) -> None:
    """One tidy line without the separator of paths."""
    if SEPARATOR in value:
        raise ValidationError(
            _("A name cannot contain “/”; it separates the departments of a path.")
        )
    if value != tidy(value):
        raise ValidationError(_("“%(value)s” is not a name."), params={"value": value})


def tidy(text: str) -> str:
    """Text as one line in NFC: each run of blanks made one, none around, nothing invisible."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(c for c in line if c.isprintable() or c in _JOINERS).strip()


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


def validate_domain_name(value: str) -> None:
    """A lower-case host name of at least two labels, in its ASCII (IDNA) form."""
    labels = value.split(".")
    if (
        len(value) > DOMAIN_MAX_LENGTH
        or len(labels) < 2
        or not all(_LABEL.fullmatch(label) for label in labels)
    ):
        raise ValidationError(_("“%(value)s” is not a domain name."), params={"value": value})


def validate_phone(value: str) -> None:
    if not _PHONE.fullmatch(value):
        raise ValidationError(_("“%(value)s” is not a phone number."), params={"value": value})
