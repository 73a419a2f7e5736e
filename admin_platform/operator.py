"""The operator: who acts, with which functions, within which departments.

The only place that answers "may they?". It is built once per request from the
account's grants, knows no models, and is handed to services as their actor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet

from admin_platform import functions, scopes

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Span:
    """A department with everything below it, as MPTT numbers it.

    department_id: which department it was when the grants were resolved; services that
    renumber a tree go by it, for the numbers may have changed since.
    """

    tree_id: int
    lft: int
    rght: int
    department_id: int | None = field(default=None, compare=False)

    def covers(self, node: TreeNode) -> bool:
        return node.tree_id == self.tree_id and self.lft <= node.lft and node.rght <= self.rght


class TreeNode(Protocol):
    @property
    def tree_id(self) -> int: ...
    @property
    def lft(self) -> int: ...
    @property
    def rght(self) -> int: ...


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """Functions held within some departments."""

    functions: frozenset[str]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, codes: Iterable[str], spans: Iterable[Span]) -> HeldGrant:
        """What a role's codes give within the departments.

        Functions that concern the whole organization are held by nobody who was given
        them for a part of it.
        """
        spans, held = tuple(spans), frozenset(codes)
        if not any(span.lft == 1 for span in spans):
            held -= functions.organization_wide()
        return cls(held, spans)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody (or, with account_id None, the system) who acts within one organization.

    function: the function of the page at hand; scope() narrows to the departments
    where just this function is held.
    """

    account_id: int | None
    name: str
    organization_id: int | None
    ip: str | None = None
    grants: tuple[HeldGrant, ...] = ()
    function: str = ""
    is_system: bool = False
    role_names: tuple[str, ...] = ()

    @classmethod
    def system(cls, *, organization_id: int | None = None, name: str = "system") -> Operator:
        """The platform itself: schedules, demo, commands. Not bound by grants."""
        return cls(account_id=None, name=name, organization_id=organization_id, is_system=True)

    def at(self, function: str) -> Operator:
        """The same operator, standing on the page of a function."""
        return replace(self, function=function)

    def can(self, function: str, department: TreeNode | None = None) -> bool:
        """Whether the function is held: anywhere, or for this department."""
        if self.is_system:
            return True
        return any(
            function in grant.functions
            and (department is None or any(span.covers(department) for span in grant.spans))
            for grant in self.grants
        )

    def can_within(self, function: str, department: TreeNode) -> bool:
        """Whether the function is held for the department or for any below it."""
        whole = Span(department.tree_id, department.lft, department.rght)
        return self.can(function, department) or any(
            whole.covers(span) for span in self.spans(function)
        )

    def can_everywhere(self, function: str) -> bool:
        """Whether the function is held for the root department, the whole organization."""
        return self.is_system or any(span.lft == 1 for span in self.spans(function))

    @property
    def has_console(self) -> bool:
        return self.is_system or bool(self.functions)

    @property
    def functions(self) -> frozenset[str]:
        return frozenset().union(*(grant.functions for grant in self.grants))

    def spans(self, function: str = "") -> tuple[Span, ...]:
        """The outermost departments in which the function (the page's by default) is held."""
        wanted = function or self.function
        held = {
            span
            for grant in self.grants
            if not wanted or wanted in grant.functions
            for span in grant.spans
        }
        return _outermost(held)

    def scope(self, queryset: QuerySet[M]) -> QuerySet[M]:
        """What of the queryset lies in the organization and the departments of this operator."""
        return scopes.narrow(queryset, self)


def _outermost(spans: Iterable[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.tree_id, s.lft, -s.rght)):
        if not kept or not kept[-1].covers(span):
            kept.append(span)
    return tuple(kept)
