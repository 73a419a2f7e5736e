"""Checks of addresses and names, shared by models, forms and imports."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# RFC 5321, 4.5.3.1.1: a local part has at most 64 octets.
LOCAL_PART_MAX_LENGTH = 64
# RFC 5321, 4.5.3.1.3: a path has at most 256 octets, brackets included.
ADDRESS_MAX_LENGTH = 254
# The unquoted ASCII characters that every client lets one type, dots inside only.
_LOCAL_PART = re.compile(r"[a-z0-9](?:[a-z0-9_+-]|\.(?!\.))*(?<!\.)", re.ASCII)
# A mobile of mainland China, or a number in the form of E.164 (7 to 15 digits).
_MOBILE = re.compile(r"1[0-9]{10}|\+[1-9][0-9]{6,14}", re.ASCII)
# RFC 2142: what the outside expects at every domain. Kept free for administrators to hand out.
RESERVED_LOCAL_PARTS = frozenset({"postmaster", "abuse", "mailer-daemon"})


def validate_local_part(value: str) -> None:
    """Lower-case letters, digits, and . _ - + inside; starts with a letter or digit."""
    if len(value) > LOCAL_PART_MAX_LENGTH:
        raise ValidationError(
            _("The part before “@” is longer than %(limit)d characters."),
            params={"limit": LOCAL_PART_MAX_LENGTH},
        )
    if not _LOCAL_PART.fullmatch(value):
        raise ValidationError(
            _(
                "Use lower-case letters, digits and . _ - + before “@”; "
                "start with a letter or digit, without two dots in a row."
            )
        )


def validate_address(value: str) -> None:
    """Any address on the internet, inside or outside."""
    if len(value) > ADDRESS_MAX_LENGTH:
        raise ValidationError(_("“%(value)s” is not a mail address."), params={"value": value})
    try:
        validate_email(value)
    except ValidationError:
        raise ValidationError(
            _("“%(value)s” is not a mail address."), params={"value": value}
        ) from None


def validate_mobile(value: str) -> None:
    """Blanks and hyphens between the digits are for the eye."""
    if not _MOBILE.fullmatch(re.sub(r"[ -]", "", value)):
        raise ValidationError(_("“%(value)s” is not a phone number."), params={"value": value})
