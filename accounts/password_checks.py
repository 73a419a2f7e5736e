"""What makes a password weak, as pure functions; the rules of passwords are built of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Rows of a keyboard, and its slanting columns.
KEYBOARD_ROWS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm",
)  # fmt: skip
# Three neighbours are in many a word ("were"), four in few ("property").
KEYBOARD_RUN = 4
DIGIT_RUN = 3
# Shorter ones are in every other password.
MIN_WORD_LENGTH = 3

_ANY_DIGITS = re.compile(rf"[0-9]{{{DIGIT_RUN}}}")
_CLASSES = [re.compile(kind) for kind in ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")]
_KEYBOARD_RUNS = frozenset(
    keys[n : n + KEYBOARD_RUN]
    for row in KEYBOARD_ROWS
    for keys in (row, row[::-1])
    for n in range(len(keys) - KEYBOARD_RUN + 1)
)
_WORD_BREAK = re.compile(r"[\s._+@-]+")


def count_classes(password: str) -> int:
    """How many of the four are there: upper case, lower case, digits, anything else."""
    return sum(1 for kind in _CLASSES if kind.search(password))


def has_any_digit_run(password: str) -> bool:
    """Three digits side by side, whichever."""
    return bool(_ANY_DIGITS.search(password))


def has_digit_sequence(password: str) -> bool:
    """Three digits that go up, go down or stay: 123, 321, 111."""
    for start in range(len(password) - DIGIT_RUN + 1):
        part = password[start : start + DIGIT_RUN]
        if _ANY_DIGITS.fullmatch(part):
            first, second, third = (int(digit) for digit in part)
            if second - first == third - second in (-1, 0, 1):
                return True
    return False


def has_keyboard_run(password: str) -> bool:
    """Four keys side by side or one below the other, in either direction."""
    lower = password.lower()
    return any(lower[n : n + KEYBOARD_RUN] in _KEYBOARD_RUNS for n in range(len(lower)))


def words_of(*texts: str) -> list[str]:
    """What must not be inside a password: the texts whole, and their words, in lower case."""
    found: dict[str, None] = {}
    for text in texts:
        lower = text.lower().strip()
        for word in (lower, *_WORD_BREAK.split(lower)):
            # A Chinese name of two characters is one already.
            if len(word) >= MIN_WORD_LENGTH or (len(word) > 1 and not word.isascii()):
                found[word] = None
    return list(found)


def contains_word(password: str, words: Iterable[str]) -> bool:
    lower = password.lower()
    return any(word in lower for word in words)
