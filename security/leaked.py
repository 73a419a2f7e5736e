"""Passwords known from leaks: the lists that Django and zxcvbn bring along."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator


@cache
def leaked_passwords() -> frozenset[str]:
    """About 40,000, in lower case. Read when first asked: most processes never are."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    django_list: set[str] = CommonPasswordValidator().passwords
    return frozenset(django_list) | frozenset(FREQUENCY_LISTS["passwords"])


def is_leaked(password: str) -> bool:
    """Also with the one digit or sign put behind it that rules make people add."""
    lower = password.lower().strip()
    known = leaked_passwords()
    return lower in known or (len(lower) > 1 and not lower[-1].isalpha() and lower[:-1] in known)
