"""Pinyin: what people type on a Latin keyboard to find what has a Chinese name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from pypinyin import lazy_pinyin

FULL_MAX_LENGTH, INITIALS_MAX_LENGTH = 255, 64
# The full spelling, a blank and the initials.
PINYIN_MAX_LENGTH = FULL_MAX_LENGTH + 1 + INITIALS_MAX_LENGTH

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W_]+")

# Syllables of Chinese characters; the second value tells whether the text begins with them.
Reading = Callable[[str, bool], list[str]]


def read(han: str, _is_start: bool = False) -> list[str]:
    """Pinyin syllables; rare characters without a known reading are left out."""
    return lazy_pinyin(han, errors="ignore") if han else []


def spelled(text: str, reading: Reading = read) -> str:
    """Full pinyin and initials: "caiwubu cwb" for 财务部, "itbu ib" for IT 部."""
    syllables = _syllables(unicodedata.normalize("NFKC", text).lower(), reading)
    full = "".join(syllables)[:FULL_MAX_LENGTH]
    initials = "".join(syllable[0] for syllable in syllables)[:INITIALS_MAX_LENGTH]
    return f"{full} {initials}".strip()


def _syllables(text: str, reading: Reading) -> list[str]:
    """Pinyin syllables of the Chinese parts, whole words of the others, in their order."""
    syllables: list[str] = []
    end = 0
    for han in _HAN.finditer(text):
        syllables += _words(text[end : han.start()])
        syllables += reading(han.group(), not syllables)
        end = han.end()
    return syllables + _words(text[end:])


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _WORD.findall(bare)
