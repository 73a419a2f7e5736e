"""The passwords of imported accounts: derived from a seed, so that none need be stored."""

from __future__ import annotations

import hmac
import secrets

from accounts.hashers import GeneratedPasswordHasher
from accounts.passwords import ALPHABET, GROUP_LENGTH, GROUPS

BITS_PER_LETTER = 5
LETTERS = GROUPS * GROUP_LENGTH
_hasher = GeneratedPasswordHasher()


def new_seed() -> str:
    return secrets.token_hex(32)


def derive(seed: str, address: str) -> str:
    """The initial password of an address: 100 bits in the form of `generate_password`."""
    digest = hmac.digest(bytes.fromhex(seed), address.encode(), "sha256")
    bits = int.from_bytes(digest)
    letters = "".join(ALPHABET[bits >> place * BITS_PER_LETTER & 31] for place in range(LETTERS))
    return "-".join(
        letters[start : start + GROUP_LENGTH] for start in range(0, LETTERS, GROUP_LENGTH)
    )


def hashed(password: str) -> str:
    return _hasher.encode(password, _hasher.salt())


def still_valid(password: str, encoded: str) -> bool:
    """Whether an account still has the initial password."""
    return encoded.startswith(_hasher.algorithm) and _hasher.verify(password, encoded)
