"""The rules for what people type about an account: forms and imports ask the same.

Each takes the text as typed, returns it as stored, raises ValidationError, and reads
no database: a file of 10,000 rows is checked without a query.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.validators import (
    RESERVED_LOCAL_PARTS,
    validate_address,
    validate_local_part,
    validate_mobile,
)

NAME_MAX_LENGTH = 64
TITLE_MAX_LENGTH = 64
EMPLOYEE_NO_MAX_LENGTH = 32
MAX_ALIASES = 20
MAX_FORWARDS = 10
GIB = 1024**3
# 8 EiB, less one byte, is what a bigint column holds.
QUOTA_MAX_GIB = 1024 * 1024

_BLANKS = re.compile(r"\s+")
_PHONE_PUNCTUATION = re.compile(r"[\s()\-.]")
_MAINLAND_MOBILE = re.compile(r"1[0-9]{10}", re.ASCII)
# Begins like a mobile of the mainland, but may be too short or too long.
_ALMOST_MOBILE = re.compile(r"1[3-9][0-9]{7,11}", re.ASCII)


def clean_text(value: str) -> str:
    """In one line: without blanks around or in a row, and without what is not seen.

    A line break in a name would end up in the header of a mail; marks that turn the
    direction of writing make one name look like another.
    """
    seen = "".join(c for c in value if unicodedata.category(c) != "Cf")
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", seen)).strip()
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise ValidationError(_("There is a control character inside. Type the text again."))
    return text


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValidationError(
            _("Use at most %(limit)d characters; these are %(length)d.")
            % {"limit": limit, "length": len(text)}
        )
    return text


def clean_name(value: str) -> str:
    text = clean_text(value)
    if not text:
        raise ValidationError(_("Enter a name."))
    return _short(text, NAME_MAX_LENGTH)


def clean_title(value: str) -> str:
    return _short(clean_text(value), TITLE_MAX_LENGTH)


def clean_employee_no(value: str) -> str:
    return _short(clean_text(unicodedata.normalize("NFKC", value)), EMPLOYEE_NO_MAX_LENGTH)


def clean_mobile(value: str) -> str:
    """Digits, with a leading + for other countries; numbers of the mainland without +86."""
    number = _PHONE_PUNCTUATION.sub("", unicodedata.normalize("NFKC", value))
    number = re.sub(r"^(\+86|0086)(?=1)", "", number)
    if not number:
        return ""
    if _ALMOST_MOBILE.fullmatch(number) and not _MAINLAND_MOBILE.fullmatch(number):
        raise ValidationError(
            _("A mobile number has 11 digits; these are %(length)d.") % {"length": len(number)}
        )
    validate_mobile(number)
    return number


def normalise_address(value: str) -> str:
    """Lower case, without blanks, full-width letters made plain; not checked otherwise."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", value)).lower()


def clean_local_part(value: str) -> str:
    """The part before "@" of an account's own address."""
    local_part = normalise_address(value)
    if not local_part:
        raise ValidationError(_("Enter the account, the part before “@”."))
    if local_part in RESERVED_LOCAL_PARTS:
        raise ValidationError(
            _("“%(value)s” is reserved. Give it to an account as an alias.") % {"value": local_part}
        )
    validate_local_part(local_part)
    return local_part


def clean_alias(value: str, default_domain: str = "") -> str:
    """A whole address; what is typed without "@" is meant in the default domain."""
    address = normalise_address(value)
    if "@" not in address and default_domain:
        address = f"{address}@{default_domain}"
    local_part, _at, domain = address.rpartition("@")
    if not local_part or not domain:
        raise ValidationError(_("“%(value)s” is not a mail address.") % {"value": value.strip()})
    validate_local_part(local_part)
    return address


def clean_forward(value: str) -> str:
    address = normalise_address(value)
    validate_address(address)
    return address


def clean_quota_gib(value: str | Decimal | float) -> int:
    """Bytes of a number of GB; 0 means without limit."""
    try:
        gib = Decimal(str(value).strip().lower().removesuffix("gb").strip())
    except InvalidOperation:
        raise ValidationError(_("“%(value)s” is not a number of GB.") % {"value": value}) from None
    if not gib.is_finite() or not 0 <= gib <= QUOTA_MAX_GIB:
        raise ValidationError(
            _("Enter a quota between 0 and %(limit)s GB.") % {"limit": QUOTA_MAX_GIB}
        )
    return int(gib * GIB)


def has_an_end(day: date) -> None:
    """Refuses 9999-12-31, after which there is no day."""
    if day == date.max:
        raise ValidationError(_("Enter an earlier day."))


def end_of_day(day: date, time_zone: str) -> datetime:
    """When a day is over in the organization's time zone: an account is good until then."""
    has_an_end(day)
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def last_day(moment: datetime, time_zone: str) -> date:
    """The day of which `end_of_day` made the moment."""
    return (moment.astimezone(ZoneInfo(time_zone)) - timedelta(microseconds=1)).date()
