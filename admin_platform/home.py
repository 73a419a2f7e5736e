"""What the apps bring to the home page: its first line, the cards on its desk (manual,
3②④⑤) and the recommended functions (3⑥)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_platform import menu
from admin_platform.http import ConsoleRequest

Context = Callable[[ConsoleRequest], dict[str, Any]]
Text = str | Promise

SHOWN_FEATURES = 4


@dataclass(frozen=True, slots=True)
class Panel:
    """A template with what it shows; an empty context leaves the panel out."""

    order: int
    template: str
    context: Context


@dataclass(frozen=True, slots=True)
class Feature:
    """A recommended function: its menu entry, its picture, and whether it is on."""

    entry: menu.Entry
    art: str
    state: Text


State = Callable[[ConsoleRequest], Text]

_panels: list[Panel] = []
_greeting: list[Context] = []
_features: dict[str, State] = {}


def register_panel(order: int, template: str, context: Context) -> None:
    _panels.append(Panel(order, template, context))


def register_greeting(context: Context) -> None:
    """What the first lines of the home page need: the last sign-in."""
    _greeting.append(context)


def ready_to_use(request: ConsoleRequest) -> Text:
    return _("Ready to use")


def register_feature(entry_code: str, state: State = ready_to_use) -> None:
    """Recommend a function of the menu; its picture is `console/art/<code>.html`.

    state: says in a few words whether it is on; asked only once the function is built.
    """
    _features[entry_code] = state


def panels_for(request: ConsoleRequest) -> list[tuple[str, dict[str, Any]]]:
    panels = sorted(_panels, key=lambda panel: panel.order)
    return [(p.template, context) for p in panels if (context := p.context(request))]


def greeting_for(request: ConsoleRequest) -> dict[str, Any]:
    return {key: value for context in _greeting for key, value in context(request).items()}


def features_for(request: ConsoleRequest) -> list[Feature]:
    """The recommended functions that the operator may use, those that are built first."""
    entries = [e for e in menu.entries(request.operator) if e.code in _features]
    entries.sort(key=lambda entry: not entry.is_built)
    return [
        Feature(
            entry,
            f"console/art/{entry.code}.html",
            _features[entry.code](request) if entry.is_built else _("Not built yet"),
        )
        for entry in entries[:SHOWN_FEATURES]
    ]
