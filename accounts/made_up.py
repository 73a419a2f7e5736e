"""How passwords that the platform makes up are spelled: every rule that there can be is met.

Both spellings hold more than 96 random bits, so one round of hashing is enough for them.
"""

from __future__ import annotations

import hmac
import itertools
import secrets
from collections.abc import Callable, Sequence

from accounts import password_checks as checks

# 32 letters that nobody mistakes for one another when reading or dictating: 5 bits each.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5
LONG_LENGTH = GROUPS * GROUP_LENGTH + GROUPS - 1
# Where a rule leaves no room for that: 70 characters, a little over 6 bits each.
SHORT_ALPHABET = (
    "abcdefghijkmnpqrstuvwxyz" "ABCDEFGHJKLMNPQRSTUVWXYZ" "23456789" "-+=*#%@?!.:/_~"
)  # fmt: skip
SHORT_LENGTH = 16

# Numbers from 0 to the given one, excluded, that cannot be guessed.
Choose = Callable[[int], int]


def make_up(*, max_length: int, words: Sequence[str], choose: Choose = secrets.randbelow) -> str:
    """Four groups such as `K7mwq-3xhtp-9vbnd-c2rja`, or 16 characters if that is too long.

    words: what must not be inside (`password_checks.words_of`).
    """
    spell = _long if max_length >= LONG_LENGTH else _short
    return next(made for made in iter(lambda: spell(choose), "") if _is_strong(made, words))


def _long(choose: Choose) -> str:
    letters = [ALPHABET[choose(len(ALPHABET))] for _ in range(GROUPS * GROUP_LENGTH)]
    capital = next((n for n, c in enumerate(letters) if c.isalpha()), 0)
    letters[capital] = letters[capital].upper()
    starts = range(0, len(letters), GROUP_LENGTH)
    return "-".join("".join(letters[start : start + GROUP_LENGTH]) for start in starts)


def _short(choose: Choose) -> str:
    return "".join(SHORT_ALPHABET[choose(len(SHORT_ALPHABET))] for _ in range(SHORT_LENGTH))


def _is_strong(made: str, words: Sequence[str]) -> bool:
    """By the strictest of each kind of rule, so that a change of the rules changes nothing."""
    return (
        checks.count_classes(made) == 4
        and not checks.has_any_digit_run(made)
        and not checks.has_keyboard_run(made)
        and not checks.contains_word(made, words)
    )


def chooser(key: bytes, message: str) -> Choose:
    """Choices derived from a key: the same ones again for the same message."""
    blocks = (
        hmac.digest(key, f"{number}:{message}".encode(), "sha512") for number in itertools.count()
    )
    numbers = (int.from_bytes(block[n : n + 8]) for block in blocks for n in range(0, 64, 8))
    # What is uneven about a remainder of 64 bits is far below one in 2**57.
    return lambda limit: next(numbers) % limit
