"""Roles as they are shown: their functions by chapter, and who may change them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Grant, Role
from admin_platform import functions, menu
from admin_platform.functions import Function
from admin_platform.menu import CHAPTERS, Chapter
from admin_platform.operator import Operator


@dataclass(frozen=True, slots=True)
class Subject:
    """What the functions of one row concern: those that show it, and those that change it."""

    views: list[Function] = field(default_factory=list)
    changes: list[Function] = field(default_factory=list)

    @property
    def functions(self) -> list[Function]:
        return [*self.views, *self.changes]


@dataclass(frozen=True, slots=True)
class FunctionChapter:
    chapter: Chapter
    subjects: list[Subject]

    @property
    def functions(self) -> list[Function]:
        return [function for subject in self.subjects for function in subject.functions]


def function_chapters(codes: Collection[str] | None = None) -> list[FunctionChapter]:
    """All functions by chapter and subject, or those of the given codes."""
    chapters: dict[str, dict[str, Subject]] = {chapter.code: {} for chapter in CHAPTERS}
    for function in _in_menu_order():
        if codes is None or function.code in codes:
            subject = chapters[function.chapter].setdefault(function.subject, Subject())
            (subject.views if function.is_view else subject.changes).append(function)
    return [
        FunctionChapter(chapter, list(chapters[chapter.code].values()))
        for chapter in CHAPTERS
        if chapters[chapter.code]
    ]


def _in_menu_order() -> list[Function]:
    """Subjects in the order of the menu; those without an entry come last."""
    places = [entry.function.partition(".")[0] for entry in menu.entries()]
    rank = {subject: place for place, subject in reversed(list(enumerate(places)))}
    found = functions.all_functions()
    return sorted(found, key=lambda function: rank.get(function.subject, len(places)))


def with_views(codes: Iterable[str]) -> frozenset[str]:
    """The codes, and with each one that changes something the one that shows it."""
    chosen = frozenset(codes)
    shown = {f"{code.partition('.')[0]}.view" for code in chosen}
    return chosen | frozenset(code for code in shown if functions.is_known(code))


def beyond(operator: Operator, codes: Iterable[str]) -> frozenset[str]:
    """Those of the functions that the operator does not hold in the whole organization."""
    return frozenset(code for code in codes if not operator.can_everywhere(code))


def may_edit(operator: Operator, role: Role) -> bool:
    """Whether the role is an own one of the organization that gives no more than one holds."""
    return (
        role.organization_id is not None
        and operator.can_everywhere("role.manage")
        and not beyond(operator, role.functions)
    )


def roles_with_members(operator: Operator) -> QuerySet[Role]:
    """The roles there are, presets first, each with how many grants the operator sees."""
    seen = operator.at("grant.view").scope(Grant.objects.all())
    return (
        operator.scope(Role.objects.all())
        .annotate(grant_count=Count("grants", filter=Q(grants__in=seen)))
        .order_by(F("organization").asc(nulls_first=True), "pk")
    )
