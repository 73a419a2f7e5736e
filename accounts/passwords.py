"""Passwords that the platform makes up, and the rules for those that people type."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.errors import PasswordRefused
from accounts.hashers import GeneratedPasswordHasher
from accounts.made_up import LONG_LENGTH, make_up
from accounts.models import Account
from accounts.password_checks import words_of


def generate_password(account: Account | None = None) -> str:
    """A password of at least 97 random bits that none of the account's rules refuses.

    account: saved or not; None where only the look matters and no rule is known.
    """
    if account is None:
        return make_up(max_length=LONG_LENGTH, words=())
    words = words_of(account.local_part, account.name, account.pinyin)
    return make_up(max_length=longest_password(account), words=words)


def longest_password(account: Account) -> int:
    """How long the rules let a password be."""
    validators = get_default_password_validators()
    limits = (v.max_length(account) for v in validators if hasattr(v, "max_length"))
    return min(limits, default=LONG_LENGTH)


def hash_generated(password: str) -> str:
    """The hash of a password from `generate_password`, and of no other: it is not stretched."""
    return make_password(password, hasher=GeneratedPasswordHasher.algorithm)


def check_password_rules(password: str, account: Account) -> None:
    """Raises PasswordRefused with every broken rule of AUTH_PASSWORD_VALIDATORS."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from None
