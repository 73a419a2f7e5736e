"""The functions that a role can hold, registered by the apps that have them.

A code is `subject.verb` (`account.create`). Codes that end in `.view` show; all
others change something.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Function:
    code: str
    label: str | Promise
    chapter: str


_functions: dict[str, Function] = {}


def register(chapter: str, functions: Iterable[tuple[str, str | Promise]]) -> None:
    """Add functions of a chapter, in the order in which the console shows them."""
    for code, label in functions:
        _functions[code] = Function(code=code, label=label, chapter=chapter)


def all_functions() -> list[Function]:
    return list(_functions.values())


def codes() -> frozenset[str]:
    return frozenset(_functions)


def is_known(code: str) -> bool:
    return code in _functions


def label(code: str) -> str:
    return str(_functions[code].label) if code in _functions else code
