"""The cards on the desk of the home page (manual, 3②④⑤) and its first line, by the apps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from admin_platform.http import ConsoleRequest

Context = Callable[[ConsoleRequest], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A template with what it shows; an empty context leaves the panel out."""

    order: int
    template: str
    context: Context


_panels: list[Panel] = []
_greeting: list[Context] = []


def register_panel(order: int, template: str, context: Context) -> None:
    _panels.append(Panel(order, template, context))


def register_greeting(context: Context) -> None:
    """What the first lines of the home page need: the last sign-in."""
    _greeting.append(context)


def panels_for(request: ConsoleRequest) -> list[tuple[str, dict[str, Any]]]:
    panels = sorted(_panels, key=lambda panel: panel.order)
    return [(p.template, context) for p in panels if (context := p.context(request))]


def greeting_for(request: ConsoleRequest) -> dict[str, Any]:
    return {key: value for context in _greeting for key, value in context(request).items()}
