"""The passwords of imported accounts: derived from a seed, so that none need be stored."""

from __future__ import annotations

import secrets

from accounts.hashers import GeneratedPasswordHasher
from accounts.made_up import chooser, make_up
from accounts.password_checks import words_of

_hasher = GeneratedPasswordHasher()


def new_seed(max_length: int) -> str:
    """max_length: how long passwords may be now; kept, for the rule may change meanwhile."""
    return f"{max_length}:{secrets.token_hex(32)}"


def derive(seed: str, address: str, name: str, pinyin: str) -> str:
    """The initial password of an address; name and pinyin as they were imported."""
    max_length, _colon, key = seed.partition(":")
    words = words_of(address.partition("@")[0], name, pinyin)
    choose = chooser(bytes.fromhex(key), address)
    return make_up(max_length=int(max_length), words=words, choose=choose)


def hashed(password: str) -> str:
    return _hasher.encode(password, _hasher.salt())


def still_valid(password: str, encoded: str) -> bool:
    """Whether an account still has the initial password."""
    return encoded.startswith(_hasher.algorithm) and _hasher.verify(password, encoded)
