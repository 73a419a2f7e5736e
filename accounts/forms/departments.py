"""Choosing the departments of an account: those chosen, and a list to choose more from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_platform.http import ConsoleRequest
from admin_platform.operator import Operator
from orgs.models import Department
from orgs.selectors.departments import paths, search_departments

# More departments than one looks through; the others are found by their name.
SHOWN = 50
# The names that the boxes, the primary one and the search are sent with.
CHOSEN, PRIMARY, QUERY, ANSWERED = "departments", "primary", "department_q", "department_answered"


class DepartmentsField(forms.ModelMultipleChoiceField[Department]):
    """Departments in the order in which they were sent."""

    def __init__(self, queryset: QuerySet[Department], **options: Any) -> None:
        messages = {
            "required": _("Choose at least one department."),
            "invalid_choice": _("This department is gone or outside your scope."),
            "invalid_pk_value": _("This department is gone or outside your scope."),
        }
        super().__init__(queryset, error_messages=messages, **options)

    def clean(self, value: Any) -> list[Department]:  # type: ignore[override]
        found = {str(department.pk): department for department in super().clean(value)}
        return [found[str(pk)] for pk in dict.fromkeys(value or []) if str(pk) in found]


@dataclass(frozen=True, slots=True)
class Option:
    pk: int
    path: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentPicker:
    """What the field shows. function: where it is held, departments can be chosen.

    kept: departments that others administer, which stay in any case. more: there are
    further departments than those found.
    """

    function: str
    chosen: list[Option]
    found: list[Option]
    query: str
    more: bool
    kept: tuple[str, ...] = ()


def department_picker(
    operator: Operator,
    *,
    chosen: Sequence[int],
    primary: int | None = None,
    query: str = "",
    kept: Iterable[str] = (),
) -> DepartmentPicker:
    """operator: at the function for which departments are chosen. Four queries at most."""
    scope = operator.scope(Department.objects.all())
    present = set(scope.filter(pk__in=chosen).values_list("pk", flat=True))
    chosen = [pk for pk in dict.fromkeys(chosen) if pk in present]
    others = search_departments(operator, query) if query else scope.order_by("tree_id", "lft")
    found = list(others.exclude(pk__in=chosen).values_list("pk", flat=True)[: SHOWN + 1])
    path = paths([*chosen, *found])
    first = primary if primary in present else next(iter(chosen), None)
    return DepartmentPicker(
        function=operator.function,
        chosen=[Option(pk, path[pk], pk == first) for pk in chosen],
        found=[Option(pk, path[pk]) for pk in found[:SHOWN]],
        query=query,
        more=len(found) > SHOWN,
        kept=tuple(kept),
    )


def sent_picker(
    operator: Operator, data: QueryDict, *, kept: Iterable[str] = ()
) -> DepartmentPicker:
    """The field as it was sent."""
    primary = data.get(PRIMARY, "")
    return department_picker(
        operator,
        chosen=[int(pk) for pk in data.getlist(CHOSEN) if is_id(pk)],
        primary=int(primary) if is_id(primary) else None,
        query=data.get(QUERY, "").strip(),
        kept=kept,
    )


def asks_for_departments(request: ConsoleRequest) -> bool:
    """Whether the form was sent to find departments: by its button, or by Enter in the search.

    With scripts the search answers by itself, perhaps just now.
    """
    sent = request.POST
    unanswered = sent.get(QUERY, "").strip() != sent.get(ANSWERED, "")
    return "find" in sent or (unanswered and not request.htmx)


def primary_first(departments: Sequence[Department], data: Mapping[str, Any]) -> list[Department]:
    """Those sent, beginning with the one that was sent as the primary one."""
    primary = data.get(PRIMARY, "")
    return sorted(departments, key=lambda department: str(department.pk) != primary)


def is_id(text: str) -> bool:
    """Whether it can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) < len(str(2**63))
