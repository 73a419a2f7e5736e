"""The pinyin of people's names, whose surnames are read in ways of their own."""

from __future__ import annotations

from functools import lru_cache

from admin_platform.pinyin import read, spelled

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


@lru_cache(maxsize=8192)
def name_pinyin(name: str) -> str:
    """Full pinyin and initials: "zhangwei zw" for 张伟, "adalovelace al" for Ada Lovelace."""
    return spelled(name, _read_name)


def _read_name(han: str, is_start: bool) -> list[str]:
    """The surname at the start of a name is read as one."""
    for length in (2, 1):
        reading = SURNAMES.get(han[:length]) if is_start else None
        if reading and (length == 2 or len(han) > 1):
            return reading + read(han[length:])
    return read(han)
