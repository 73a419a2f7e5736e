"""The function menu of the console (manual, 3: the menu tree), filled by the apps.

A chapter has entries, some of them under a group heading. An entry without a URL is
not built yet and leads to a page that says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_platform.operator import Operator

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Chapter:
    code: str
    label: Text
    icon: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One function of the menu.

    url_name: empty while the function is not built.
    summary: one sentence about what it does.
    row: its id in the manual ("4.2").
    """

    code: str
    chapter: str
    label: Text
    function: str
    summary: Text
    row: str
    url_name: str = ""
    group: Text = ""
    order: int = 0

    @property
    def is_built(self) -> bool:
        return bool(self.url_name)

    def get_absolute_url(self) -> str:
        if self.url_name:
            return reverse(self.url_name)
        return reverse("function-unbuilt", args=[self.code])

    def is_for(self, operator: Operator) -> bool:
        return operator.can(self.function)


CHAPTERS = (
    Chapter("organization", _("Organization"), "org"),
    Chapter("addressbook", _("Address book"), "book"),
    Chapter("mail", _("Mailboxes and mail"), "mail"),
    Chapter("analytics", _("Analytics"), "chart"),
    Chapter("permissions", _("Permissions"), "badge"),
    Chapter("security", _("Security centre"), "shield"),
    Chapter("apps", _("App centre"), "grid"),
)

_entries: dict[str, Entry] = {}


def register(entries: Iterable[Entry]) -> None:
    for entry in entries:
        _entries[entry.code] = entry


def entry(code: str) -> Entry:
    """Raises KeyError for an unknown code."""
    return _entries[code]


def entries(operator: Operator | None = None) -> list[Entry]:
    """All entries, or those the operator may use, in the order of the manual."""
    rank = {chapter.code: place for place, chapter in enumerate(CHAPTERS)}
    found = [e for e in _entries.values() if operator is None or e.is_for(operator)]
    return sorted(found, key=lambda e: (rank[e.chapter], e.order))


@dataclass(frozen=True, slots=True)
class MenuGroup:
    label: Text
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class MenuChapter:
    chapter: Chapter
    groups: list[MenuGroup]


def tree(operator: Operator) -> list[MenuChapter]:
    """The operator's menu: chapters, in them groups (the ungrouped entries first)."""
    usable = entries(operator)
    chapters = []
    for chapter in CHAPTERS:
        groups: dict[str, MenuGroup] = {}
        for item in (e for e in usable if e.chapter == chapter.code):
            groups.setdefault(str(item.group), MenuGroup(item.group, [])).entries.append(item)
        if groups:
            chapters.append(MenuChapter(chapter, list(groups.values())))
    return chapters
