"""How a path of departments is written: A / B / C, without the root."""

from collections.abc import Iterable

SEPARATOR = "/"


def join_path(names: Iterable[str]) -> str:
    return f" {SEPARATOR} ".join(names)


def split_path(text: str) -> list[str]:
    """The names of a path, blanks around them taken off; an empty one stays."""
    return [name.strip() for name in text.split(SEPARATOR)]
