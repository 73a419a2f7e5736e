"""How each model is narrowed to an operator's scope; the models' own apps say how.

An app writes a `scopes.py`:

    @scoped(Account)
    def accounts_in_scope(queryset, operator): ...

and imports it in `AppConfig.ready`. A model without a rule cannot be shown to an
operator at all: asking is an error, never an unscoped list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from admin_platform.operator import Operator, Span

M = TypeVar("M", bound=Model)
Rule = Callable[[QuerySet[Any], "Operator"], QuerySet[Any]]

_rules: dict[type[Model], Rule] = {}


def scoped(model: type[Model]) -> Callable[[Rule], Rule]:
    """Register how a model is narrowed. Only called for operators that are not the system."""

    def register(rule: Rule) -> Rule:
        _rules[model] = rule
        return rule

    return register


def narrow(queryset: QuerySet[M], operator: Operator) -> QuerySet[M]:
    """The queryset within the operator's scope. LookupError for a model without a rule."""
    try:
        rule = _rules[queryset.model]
    except KeyError:
        raise LookupError(f"{queryset.model.__name__} has no scope rule.") from None
    if operator.is_system:
        return queryset
    return rule(queryset, operator)


def within(spans: tuple[Span, ...], prefix: str = "") -> Q:
    """A condition on MPTT columns, below `prefix` ("department__"); nothing for no spans.

    A range of `lft` alone is the same set as one with `rght`, but PostgreSQL can tell how
    many departments it has; with both it guesses wrong by orders of magnitude.
    """
    condition = Q(pk__in=[])
    for span in spans:
        condition |= Q(
            **{
                f"{prefix}tree_id": span.tree_id,
                f"{prefix}lft__gte": span.lft,
                f"{prefix}lft__lte": span.rght,
            }
        )
    return condition
