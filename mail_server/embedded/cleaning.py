"""What clients send that no column and no other server can take."""

from __future__ import annotations

CLIENT_NAME_MAX_LENGTH = 255
# RFC 5321, 4.5.3.1.3, without the angle brackets.
ADDRESS_MAX_LENGTH = 254


def is_usable(address: str) -> bool:
    """Whether an envelope address is text that a path can hold."""
    return address.isprintable() and len(address) <= ADDRESS_MAX_LENGTH


def clean_client_name(name: str) -> str:
    """What a client calls itself in EHLO, without what cannot be printed; never empty."""
    printable = "".join(char for char in name if char.isprintable())
    return printable[:CLIENT_NAME_MAX_LENGTH] or "unknown"
