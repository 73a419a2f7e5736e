"""Finding accounts by name, pinyin, address, alias, phone or employee no.

Every word must match, in the way that an index answers: one or two Chinese letters by
the name's grams, three letters or more anywhere by trigrams, fewer Latin letters and
digits at the start of a word. Or one alias has all the words. In a department with few
accounts these are looked at one by one instead.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Exists, OuterRef, Q

from accounts.choices import AddressKind
from accounts.models import Account, Address

MAX_WORDS = 4
MAX_LENGTH = 64
TRIGRAM = 3

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]*[0-9]")


def search_condition(query: str, *, few: bool) -> Q:
    """few: whether so few accounts are searched that no index is needed."""
    wanted = words(query)
    own, aliases = Q(), Q(kind=AddressKind.ALIAS)
    for word in wanted:
        own &= _own(word, few)
        aliases &= _alias(word)
    if not wanted or not all(_is_in_addresses(word) for word in wanted):
        return own
    if few:
        return own | Q(Exists(Address.objects.filter(aliases, account=OuterRef("pk"))))
    # With OR between the two no index would be used.
    found = Account.objects.filter(own).values("pk")
    return Q(pk__in=found.union(Address.objects.filter(aliases).values("account")))


def is_selective(query: str) -> bool:
    """Whether a search is likely to leave few enough accounts to sort them all."""
    return any(len(word) > 1 or not word.isascii() for word in words(query))


def words(query: str) -> list[str]:
    """The words of a query as they are stored: lower case; a phone number in one piece."""
    plain = unicodedata.normalize("NFKC", query)[:MAX_LENGTH].lower().replace("\x00", "").strip()
    if _PHONE.fullmatch(plain):
        return [re.sub(r"[ ()-]", "", plain).removeprefix("+86")]
    found = [word for word in plain.split() if any(c.isalnum() for c in word)]
    return found[:MAX_WORDS]


def _is_in_addresses(word: str) -> bool:
    """Whether aliases are looked at: not for Chinese, nor for one letter that they all have."""
    return word.isascii() and (len(word) >= TRIGRAM or (len(word) > 1 and word[0].isalpha()))


def _own(word: str, few: bool) -> Q:
    if len(word) >= TRIGRAM:
        return Q(search_text__contains=word)
    if not word.isascii():
        return Q(name__icontains=word) if few else Q(name_grams__contains=[word])
    if word[0].isdigit():
        # Every mobile number starts with such digits.
        return _starting("employee_no", word) & ~Q(employee_no="") | _starting("address", word)
    if len(word) == 1:
        # Every tenth name or so: only the order of the names itself is fast enough.
        return _starting("pinyin", word)
    return Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")


def _starting(field: str, word: str) -> Q:
    """That a field starts with a word, as a plain index answers it."""
    return Q(**{f"{field}__gte": word, f"{field}__lt": word[:-1] + chr(ord(word[-1]) + 1)})


def _alias(word: str) -> Q:
    return Q(address__contains=word) if len(word) >= TRIGRAM else Q(address__startswith=word)
