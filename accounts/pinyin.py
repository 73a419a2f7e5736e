"""The pinyin of names: what people type on a Latin keyboard to find one another."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

# Account.pinyin holds the full spelling, a blank and the initials.
FULL_MAX_LENGTH, INITIALS_MAX_LENGTH = 255, 64

# Characters that are read otherwise as a surname than elsewhere.
SURNAMES = {
    "万俟": ["mo", "qi"],
    "单于": ["chan", "yu"],
    "尉迟": ["yu", "chi"],
    "澹台": ["tan", "tai"],
    "长孙": ["zhang", "sun"],
    "令狐": ["ling", "hu"],
    "皇甫": ["huang", "fu"],
    "宰父": ["zai", "fu"],
    "亓官": ["qi", "guan"],
    "仉": ["zhang"],
    "仇": ["qiu"],
    "任": ["ren"],
    "冼": ["xian"],
    "区": ["ou"],
    "单": ["shan"],
    "卜": ["bu"],
    "召": ["shao"],
    "员": ["yun"],
    "宁": ["ning"],
    "尉": ["wei"],
    "应": ["ying"],
    "折": ["she"],
    "曾": ["zeng"],
    "朴": ["piao"],
    "查": ["zha"],
    "柏": ["bai"],
    "洗": ["xian"],
    "乐": ["yue"],
    "盖": ["ge"],
    "种": ["chong"],
    "秘": ["bi"],
    "纪": ["ji"],
    "繁": ["po"],
    "缪": ["miao"],
    "翟": ["zhai"],
    "葛": ["ge"],
    "解": ["xie"],
    "訾": ["zi"],
    "逄": ["pang"],
    "重": ["chong"],
    "钭": ["tou"],
    "阚": ["kan"],
    "隗": ["wei"],
    "黑": ["he"],
}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=8192)
def name_pinyin(name: str) -> str:
    """Full pinyin and initials: "zhangwei zw" for 张伟, "adalovelace al" for Ada Lovelace."""
    syllables = _syllables(unicodedata.normalize("NFKC", name).lower())
    full = "".join(syllables)[:FULL_MAX_LENGTH]
    initials = "".join(syllable[0] for syllable in syllables)[:INITIALS_MAX_LENGTH]
    return f"{full} {initials}".strip()


def _syllables(name: str) -> list[str]:
    """Pinyin syllables of the Chinese parts, whole words of the others, in their order."""
    syllables: list[str] = []
    end = 0
    for han in _HAN.finditer(name):
        syllables += _words(name[end : han.start()])
        syllables += _spoken(han.group(), is_start=not syllables)
        end = han.end()
    return syllables + _words(name[end:])


def _spoken(han: str, *, is_start: bool) -> list[str]:
    """The syllables of Chinese characters; the surname at the start of a name read as one."""
    for length in (2, 1):
        reading = SURNAMES.get(han[:length]) if is_start else None
        if reading and (length == 2 or len(han) > 1):
            return reading + _lazy(han[length:])
    return _lazy(han)


def _lazy(han: str) -> list[str]:
    # Rare characters without a known reading are left out.
    return lazy_pinyin(han, errors="ignore") if han else []


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _WORD.findall(bare)
