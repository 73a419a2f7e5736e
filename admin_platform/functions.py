"""The functions that a role can hold, registered by the apps that have them.

A code is `subject.verb` (`account.create`). Codes that end in `.view` show; all
others change something.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Function:
    """organization_wide: only a grant for the root department gives it; others leave it out."""

    code: str
    label: str | Promise
    chapter: str
    organization_wide: bool = False

    @property
    def subject(self) -> str:
        return self.code.partition(".")[0]

    @property
    def is_view(self) -> bool:
        return self.code.endswith(".view")


_functions: dict[str, Function] = {}


def register(
    chapter: str,
    functions: Iterable[tuple[str, str | Promise]],
    *,
    organization_wide: Collection[str] = (),
) -> None:
    """Add functions of a chapter, in the order in which the console shows them.

    organization_wide: the codes among them that concern all departments at once, such as
    password rules: whoever administers a single department must not have them.
    """
    for code, label in functions:
        _functions[code] = Function(code, label, chapter, code in organization_wide)


def all_functions() -> list[Function]:
    return list(_functions.values())


def codes() -> frozenset[str]:
    return frozenset(_functions)


def is_known(code: str) -> bool:
    return code in _functions


def organization_wide() -> frozenset[str]:
    return frozenset(f.code for f in _functions.values() if f.organization_wide)


def label(code: str) -> str:
    return str(_functions[code].label) if code in _functions else code
