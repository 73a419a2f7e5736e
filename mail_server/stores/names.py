"""Names in a Maildir++: folders in modified UTF-7 below dots, flags as letters."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from mail_server.stores.base import ANSWERED, DRAFT, FLAGGED, INBOX, SEEN, StoreError

FLAG_LETTERS = {DRAFT: "D", FLAGGED: "F", ANSWERED: "R", SEEN: "S"}
FLAG_NAMES = {letter: flag for flag, letter in FLAG_LETTERS.items()}

FOLDER_MAX_BYTES = 200


def to_directory(folder: str) -> str:
    """The directory of a folder: "" for INBOX, else ".Parent.Child" (Maildir++)."""
    if folder == INBOX:
        return ""
    levels = folder.split("/")
    if not all(level.strip() and level.isprintable() for level in levels):
        raise StoreError(f"{folder!r} is not a folder name")
    directory = "." + ".".join(_encode(level) for level in levels)
    if len(directory) > FOLDER_MAX_BYTES:
        raise StoreError("The folder name is too long")
    return directory


def from_directory(directory: str) -> str:
    return "/".join(_decode(level) for level in directory.lstrip(".").split("."))


def _encode(text: str) -> str:
    """Modified UTF-7 (RFC 3501, 5.1.3) after what has a meaning in a Maildir++ was escaped,
    as Dovecot's plugin listescape does it: "." parts the levels, "~" begins a home."""
    escaped = re.sub(r"[.\\]|^~", lambda match: f"\\{ord(match[0]):02x}", text)
    return re.sub(r"[^\x20-\x25\x27-\x7e]+|&", _shift, escaped)


def _shift(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    packed = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{packed.replace('/', ',')}-"


def _decode(text: str) -> str:
    escaped = re.sub(r"&([^-]*)-", _unshift, text)
    return re.sub(r"\\([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), escaped)


def _unshift(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    packed = match[1].replace(",", "/")
    return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be", "replace")


def flag_letters(flags: Iterable[str]) -> str:
    return "".join(sorted(FLAG_LETTERS[flag] for flag in flags if flag in FLAG_LETTERS))


def flags_of(name: str) -> frozenset[str]:
    letters = name.partition(":2,")[2]
    return frozenset(FLAG_NAMES[letter] for letter in letters if letter in FLAG_NAMES)


def new_key(microseconds: int, unique: str, size_bytes: int) -> str:
    """A name as Dovecot's own; the fraction keeps mail of one second in its order."""
    seconds, fraction = divmod(microseconds, 10**6)
    return f"{seconds}.M{fraction:06d}.{unique},S={size_bytes}"


def key_of(name: str) -> str:
    return name.partition(":2,")[0]


def size_of(name: str) -> int | None:
    found = re.search(r",S=(\d+)", name)
    return int(found[1]) if found else None


def age_of(key: str) -> tuple[int, str]:
    """What keys are sorted by: seconds of arrival, then the rest of the name."""
    seconds, _, rest = key.partition(".")
    return (int(seconds) if seconds.isdigit() else 0, rest)
