"""Passwords that the platform makes up, and the rules for those that people type."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.errors import PasswordRefused
from accounts.hashers import GeneratedPasswordHasher
from accounts.models import Account

# 32 letters that nobody mistakes for one another when reading or dictating: 5 bits each.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5


def generate_password() -> str:
    """Four groups of five letters and digits: 100 random bits (`k7mwq-3xhtp-9vbnd-c2rja`)."""
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)]
    return "-".join(
        "".join(letters[start : start + GROUP_LENGTH])
        for start in range(0, len(letters), GROUP_LENGTH)
    )


def hash_generated(password: str) -> str:
    """The hash of a password from `generate_password`, and of no other: it is not stretched."""
    return make_password(password, hasher=GeneratedPasswordHasher.algorithm)


def check_password_rules(password: str, account: Account) -> None:
    """Raises PasswordRefused with every broken rule of AUTH_PASSWORD_VALIDATORS."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from None
