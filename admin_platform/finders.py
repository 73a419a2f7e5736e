"""Finding things from the keyboard (manual, 3⑦): functions here, the rest by the apps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.functional import Promise

from admin_platform import menu
from admin_platform.http import ConsoleRequest
from admin_platform.pinyin import spelled

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Found:
    icon: str
    text: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    label: str | Promise
    found: list[Found]


Finder = Callable[[ConsoleRequest, str], Iterable[Found]]
_finders: list[tuple[str | Promise, Finder]] = []


def register(label: str | Promise, finder: Finder) -> None:
    """A finder answers a non-empty query with at most LIMIT hits in the operator's scope."""
    _finders.append((label, finder))


def find(request: ConsoleRequest, query: str) -> list[Section]:
    query = query.strip()
    if not query:
        return []
    sections = [Section(label, list(finder(request, query))) for label, finder in _finders]
    return [section for section in sections if section.found]


def find_functions(request: ConsoleRequest, query: str) -> list[Found]:
    """Menu entries by their name in either language, its pinyin or the pinyin's initials."""
    wanted = query.lower()
    hits = [e for e in menu.entries(request.operator) if wanted in searchable(e.code)]
    # The text has one name a line: those that begin with the query come first.
    hits.sort(key=lambda entry: f"\n{wanted}" not in f"\n{searchable(entry.code)}")
    chapters = {chapter.code: chapter for chapter in menu.CHAPTERS}
    return [
        Found(
            chapters[e.chapter].icon,
            str(e.label),
            " / ".join(str(part) for part in (chapters[e.chapter].label, e.group) if part),
            e.get_absolute_url(),
        )
        for e in hits[:LIMIT]
    ]


@cache
def searchable(entry_code: str) -> str:
    """All names that a menu entry is found by, one a line."""
    entry = menu.entry(entry_code)
    names = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(str(entry.label))
    return "\n".join([*names, *spelled(names[0]).split()]).lower()
